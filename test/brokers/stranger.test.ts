import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { killBroker, pauseBroker, restartBroker } from '../../src/brokers/index.ts';
import { runningBrokers, startBroker, stopBroker } from '../../src/brokers/index.ts';
import { identify } from '../../src/brokers/process.ts';
import type { ProcessIdentity } from '../../src/brokers/process.ts';
import { writeState } from '../../src/brokers/state.ts';
import { Stranger } from './fixtures/stranger.ts';
import { TemporaryHome } from './fixtures/temporary-home.ts';

const signal = new AbortController().signal;
const onProgress = (): void => undefined;

/** What a state says of a broker whose pid has meanwhile gone to the stranger. */
async function writeStaleState(home: TemporaryHome, leader: ProcessIdentity): Promise<void> {
  await writeState('kafka', {
    broker: 'kafka',
    provider: 'native',
    phase: 'running',
    version: '4.1.0',
    portOffset: home.portOffset,
    nodes: [
      {
        phase: 'started',
        leader,
        instance: 'of a broker long gone',
        ports: { broker: 9092 + home.portOffset },
      },
    ],
    connection: {},
    startedAt: '2026-01-01T00:00:00.000Z',
  });
}

for (const [what, change] of [
  ['start time', { startTime: '1' }],
  ['boot', { bootId: 'an earlier one' }],
] as const) {
  test(`a stranger with the pid of a broker, but another ${what}, is never touched`, async () => {
    await using home = await TemporaryHome.withFakeKafka('serves');
    await using stranger = await Stranger.start();
    const identity = await identify(stranger.pid);
    assert.ok(identity);
    const stale = { ...identity, ...change };
    const isUntouched = async (): Promise<boolean> =>
      stranger.isAlive && (await identify(stranger.pid)) !== undefined;

    await writeStaleState(home, stale);
    assert.deepEqual(await runningBrokers(), []);
    await assert.rejects(killBroker('kafka'), { code: 'brokers.not-running' });
    await assert.rejects(pauseBroker('kafka'), { code: 'brokers.not-running' });
    assert.ok(await isUntouched());

    assert.equal(await stopBroker('kafka', { data: 'delete' }), 'not running');
    assert.equal(existsSync(home.brokerFolder('kafka')), false);
    assert.ok(await isUntouched());

    await writeStaleState(home, stale);
    const started = await startBroker('kafka', { portOffset: home.portOffset, signal, onProgress });
    assert.notEqual(started.nodes[0]?.pid, stranger.pid);
    await stopBroker('kafka', { data: 'delete' });
    assert.ok(await isUntouched());

    await writeStaleState(home, stale);
    await restartBroker('kafka', signal);
    assert.ok(await isUntouched());
  });
}

test('a stranger on our port is named, and stays', async () => {
  await using home = await TemporaryHome.withFakeKafka('serves');
  await using server = createServer();
  server.listen(9092 + home.portOffset, '127.0.0.1');
  await once(server, 'listening');
  await assert.rejects(startBroker('kafka', { portOffset: home.portOffset, signal, onProgress }), {
    code: 'brokers.port-in-use',
    exitCode: 3,
    message: new RegExp(`^port ${9092 + home.portOffset} .* \\(process ${process.pid}\\)$`),
  });
  assert.equal(existsSync(home.brokerFolder('kafka')), false);
});
