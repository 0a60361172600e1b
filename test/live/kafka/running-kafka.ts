import type { TestContext } from 'node:test';
import { runningBrokers } from '../../../src/brokers/index.ts';

/** `127.0.0.1:port` of the Kafka that `mqbench up` started; undefined, and the test skipped, where there is none. */
export async function runningKafka(t: TestContext): Promise<string | undefined> {
  const kafka = (await runningBrokers()).find(({ name }) => name === 'kafka');
  const brokers = kafka?.connection['brokers'];
  if (Array.isArray(brokers) && typeof brokers[0] === 'string') return brokers[0];
  if (process.env['MQBENCH_LIVE'] === 'require') throw new Error('kafka is required (MQBENCH_LIVE=require)');
  t.skip('kafka is not running (npx mqbench up kafka)');
  return undefined;
}
