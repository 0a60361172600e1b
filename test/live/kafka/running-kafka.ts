import type { TestContext } from 'node:test';
import { runningBrokers } from '../../../src/brokers/index.ts';
import { isTested } from '../fixtures/running.ts';

/** `127.0.0.1:port` of the Kafka that `mqbench up` started; undefined, and the test skipped, where there is none. */
export async function runningKafka(t: TestContext): Promise<string | undefined> {
  if (!(await isTested(t, 'kafka'))) return undefined;
  const kafka = (await runningBrokers()).find(({ name }) => name === 'kafka');
  const brokers = kafka?.connection['brokers'];
  if (Array.isArray(brokers) && typeof brokers[0] === 'string') return brokers[0];
  throw new Error(`the brokers of kafka are ${String(brokers)}`);
}
