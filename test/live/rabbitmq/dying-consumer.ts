import { parentPort, workerData } from 'node:worker_threads';
import { driverNamed } from '../../../src/drivers/index.ts';
import type { Subscription } from '../../../src/drivers/index.ts';

/** A worker thread that settles what it gets and posts its text, until it is terminated without a goodbye. */
export interface DyingConsumer {
  readonly config: Readonly<Record<string, unknown>>;
  readonly subscription: Subscription;
}

const { config, subscription } = workerData as DyingConsumer;
const driver = await driverNamed('rabbitmq')?.connect(config, new AbortController().signal);
await driver?.openConsumer(
  subscription,
  {
    contract: 'leader-acked',
    window: 100,
    onLost: (error) => {
      throw error;
    },
  },
  ({ payload }) => {
    parentPort?.postMessage(payload.toString());
    return 'done';
  },
);
