import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { killBroker, restartBroker, runningBrokers } from '../../src/brokers/index.ts';
import { driverNamed } from '../../src/drivers/index.ts';
import { resolveTargets } from '../../src/targets/index.ts';
import { Bench, keysNamed, sendNumbered } from './contract/bench.ts';
import { Deliveries, outOfOrder } from './contract/deliveries.ts';
import { Load } from './contract/load.ts';
import type { SuiteTarget } from './contract/suite-target.ts';

/** What of the contract suite does not reach NATS as Debian has it, without fsync, or its target, without order. */
const BROKER = 'nats';

test('given leader-acked and sends that go on, when NATS is killed and restarted, then each outcome holds', async (t) => {
  const target = await targetOf(t, {});
  if (target === undefined) return;
  await using bench = await Bench.open(target);
  const deliveries = new Deliveries();
  await bench.consumer(deliveries);
  const load = new Load(await bench.producer());
  await load.goOn(() => load.of('acknowledged').length >= 300);
  await load.goOnDuring(restart());
  const before = load.of('acknowledged').length;
  await load.goOn(() => load.of('acknowledged').length >= before + 300);
  await load.settled();

  assert.deepEqual(load.of('refused'), []);
  assert.ok(load.of('failed').length > 0, 'there were sends while it was away');
  await deliveries.until('delivery of all acknowledged', () =>
    load.of('acknowledged').every((text) => deliveries.distinct.has(text)),
  );
  assert.deepEqual(
    load.of('failed').filter((text) => deliveries.distinct.has(text)),
    [],
    'what failed was not stored',
  );
  const known = new Set([...load.of('acknowledged'), ...load.of('unknown')]);
  assert.deepEqual(
    [...deliveries.distinct].filter((text) => !known.has(text)),
    [],
  );
  const stored = load.of('unknown').filter((text) => deliveries.distinct.has(text)).length;
  const again = deliveries.messages.length - deliveries.distinct.size;
  const marked = deliveries.messages.filter(({ redelivered }) => redelivered).length;
  t.diagnostic(
    `${load.of('acknowledged').length} acknowledged, ${load.of('failed').length} failed, ${load.of('unknown').length} unknown (${stored} stored), ${again} delivered again, ${marked} marked`,
  );
});

test('given ordering: partition and two consumers, when handlers answer retry, then each key stays in order', async (t) => {
  const target = await targetOf(t, { ordering: 'partition' });
  if (target === undefined) return;
  await using bench = await Bench.open(target, { retry: { maxAttempts: 3, delayMs: 20 } });
  const isTried = new Set<string>();
  const done: string[] = [];
  const both = new Deliveries((text) => {
    if (text.endsWith('7') && !isTried.has(text)) {
      isTried.add(text);
      return 'retry';
    }
    done.push(text);
    return 'done';
  });
  await bench.consumer(both);
  await bench.consumer(both);
  await sendNumbered(await bench.producer(), keysNamed('key', 10), { to: 30 });
  await both.until('300 messages and 30 retries', () => both.messages.length >= 330);
  assert.equal(new Set(done).size, 300);
  assert.equal(isTried.size, 30);
  assert.equal(outOfOrder(done), undefined);
  assert.equal(both.messages.filter(({ redelivered }) => redelivered).length, 30);
});

async function targetOf(
  t: TestContext,
  options: Readonly<Record<string, unknown>>,
): Promise<SuiteTarget | undefined> {
  const driver = driverNamed(BROKER);
  const running = await runningBrokers();
  if (driver === undefined || running.every(({ name }) => name !== BROKER)) {
    if (process.env['MQBENCH_LIVE'] === 'require') throw new Error(`${BROKER} is required, and not running`);
    t.skip(`${BROKER} is not running (npx mqbench up ${BROKER})`);
    return undefined;
  }
  const [resolved] = resolveTargets([BROKER], { configured: [], configure: () => [], running });
  const config = { ...resolved?.config, ...options };
  return {
    name: BROKER,
    capabilities: driver.capabilities(config),
    prefix: `mqbench.live-${randomBytes(3).toString('hex')}.${BROKER}`,
    tooLargeBytes: 1024 * 1024 + 1,
    connect: () => driver.connect(config, new AbortController().signal),
    connectToNobody: () => Promise.reject(new Error('not needed')),
    restart,
  };
}

async function restart(): Promise<void> {
  await killBroker(BROKER);
  await restartBroker(BROKER, new AbortController().signal);
}
