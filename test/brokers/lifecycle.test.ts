import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { killBroker, pauseBroker, remainsOfBrokers, restartBroker } from '../../src/brokers/index.ts';
import { resumeBroker, runningBrokers, startBroker, stopBroker } from '../../src/brokers/index.ts';
import type { RunningBroker, StartOptions } from '../../src/brokers/index.ts';
import { groupOf } from '../../src/brokers/native.ts';
import { groupMembers, groupStats } from '../../src/brokers/process-group.ts';
import type { ProcessGroup } from '../../src/brokers/process-group.ts';
import { onLinux } from '../../src/brokers/process.ts';
import { readState } from '../../src/brokers/state.ts';
import { TemporaryHome } from './fixtures/temporary-home.ts';

// a program of ours in the place of Kafka shows what the life of a broker is; test/live has the real ones
const linuxOnly = { skip: onLinux ? false : 'needs /proc' };

async function start(home: TemporaryHome, options: Partial<StartOptions> = {}): Promise<RunningBroker> {
  const signal = new AbortController().signal;
  return startBroker('kafka', {
    portOffset: home.portOffset,
    signal,
    onProgress: () => undefined,
    ...options,
  });
}

async function kafkaGroup(): Promise<ProcessGroup> {
  const state = await readState('kafka');
  assert.ok(state);
  const [node] = state.nodes;
  assert.ok(node);
  return groupOf(node);
}

test('a started broker is running, and says where', async () => {
  await using home = await TemporaryHome.withFakeKafka('serves');
  const broker = await start(home);
  const port = 9092 + home.portOffset;
  assert.equal(broker.provider, 'native');
  assert.equal(broker.version, '4.1.0');
  const ofNetworkFaults = { proxied: port + 1, proxy: port + 2 };
  const controller = 19_093 + home.portOffset;
  assert.deepEqual(broker.nodes[0]?.ports, { broker: port, controller, ...ofNetworkFaults });
  assert.deepEqual(broker.connection, { brokers: [`127.0.0.1:${port}`] });
  assert.deepEqual(await runningBrokers(), [broker]);
});

test('starting a broker that runs says so and changes nothing', async () => {
  await using home = await TemporaryHome.withFakeKafka('serves');
  const first = await start(home);
  const said: string[] = [];
  const second = await start(home, { portOffset: undefined, onProgress: (text) => said.push(text) });
  assert.deepEqual(second, first);
  assert.deepEqual(said, ['Kafka is already running']);
});

test('a broker that runs is not silently used in place of one with other ports', async () => {
  await using home = await TemporaryHome.withFakeKafka('serves');
  await start(home);
  await assert.rejects(start(home, { portOffset: home.portOffset + 1 }), {
    code: 'brokers.runs-otherwise',
    exitCode: 3,
  });
});

test('of two starts at the same time one starts it, the other is told', async () => {
  await using home = await TemporaryHome.withFakeKafka('serves');
  const outcomes = await Promise.allSettled([start(home), start(home)]);
  const reasons = outcomes.flatMap((each) => (each.status === 'rejected' ? each.reason.code : []));
  assert.deepEqual(reasons, ['brokers.busy']);
  assert.equal((await runningBrokers()).length, 1);
});

test('stopping leaves no process and no folder', async () => {
  await using home = await TemporaryHome.withFakeKafka('serves');
  await start(home);
  const group = await kafkaGroup();
  assert.ok((await groupMembers(group)).length >= 1);
  assert.equal(await stopBroker('kafka', { data: 'delete' }), 'stopped');
  assert.deepEqual(await groupMembers(group), []);
  assert.deepEqual(await readdir(join(home.directory, 'brokers')), []);
  assert.equal(await stopBroker('kafka', { data: 'delete' }), 'not running');
});

test('data that was kept is used by the next start, at the same ports', async () => {
  await using home = await TemporaryHome.withFakeKafka('serves');
  const first = await start(home);
  assert.equal(await stopBroker('kafka', { data: 'keep' }), 'stopped');
  assert.deepEqual(await runningBrokers(), []);
  assert.equal((await remainsOfBrokers())[0]?.why, 'data kept');
  const second = await start(home, { portOffset: undefined });
  assert.deepEqual(second.nodes[0]?.ports, first.nodes[0]?.ports);
  assert.equal(await startsIn(home), 2);
});

test('data that was not kept is not used by the next start', async () => {
  await using home = await TemporaryHome.withFakeKafka('serves');
  const pid = (await start(home)).nodes[0]?.pid;
  assert.ok(pid);
  // given a broker that died by itself, and its helper, which did not
  process.kill(pid, 'SIGKILL');
  while ((await runningBrokers()).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const group = await kafkaGroup();
  assert.equal((await remainsOfBrokers())[0]?.why, 'died');
  // when it is started again, then from nothing, and the helper is gone
  await start(home);
  assert.equal(await startsIn(home), 1);
  assert.deepEqual(await groupMembers(group), []);
});

test('a broker that dies at once is an error with the end of its log', async () => {
  await using home = await TemporaryHome.withFakeKafka('dies');
  const log = join(home.brokerFolder('kafka'), 'kafka.log');
  await assert.rejects(start(home), (error: Error & { code: string; exitCode: number }) => {
    assert.equal(error.code, 'brokers.died');
    assert.equal(error.exitCode, 3);
    assert.match(error.message, /ended before it was ready; the end of its log:\n\[fake\] line 17\n/);
    assert.match(error.message, /\[fake\] ERROR cannot open the vault\n/);
    assert.ok(error.message.endsWith(`whole log: ${log}`));
    return true;
  });
  // then the log is still there, until down
  assert.equal(existsSync(log), true);
  assert.deepEqual(await remainsOfBrokers(), [{ broker: 'kafka', why: 'failed to start', logFiles: [log] }]);
  assert.equal(await stopBroker('kafka', { data: 'delete' }), 'not running');
  assert.equal(existsSync(home.brokerFolder('kafka')), false);
});

test('a broker that is not ready in time is an error, and does not run on', async () => {
  await using home = await TemporaryHome.withFakeKafka('hangs');
  await assert.rejects(start(home, { readyTimeoutSeconds: 1 }), {
    code: 'brokers.not-ready',
    message: /was not ready within 1 s; the end of its log:\n(?:\[fake\] line \d+\n){15}/,
  });
  assert.deepEqual(await groupMembers(await kafkaGroup()), []);
});

test('an interruption ends what is being started, and leaves nothing', async () => {
  await using home = await TemporaryHome.withFakeKafka('hangs');
  const interruption = new AbortController();
  const starting = start(home, { signal: interruption.signal });
  let group: ProcessGroup | undefined;
  while (group === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if ((await readState('kafka')) !== undefined) group = await kafkaGroup();
  }
  interruption.abort();
  await assert.rejects(starting, { name: 'AbortError' });
  assert.deepEqual(await groupMembers(group), []);
  assert.deepEqual(await readdir(join(home.directory, 'brokers')), []);
});

test('a start that fails does not harm the data that was kept', async () => {
  await using home = await TemporaryHome.withFakeKafka('serves');
  await start(home);
  await stopBroker('kafka', { data: 'keep' });
  process.env['FAKE_KAFKA'] = 'dies';
  await assert.rejects(start(home), { code: 'brokers.died' });
  process.env['FAKE_KAFKA'] = 'serves';
  await start(home);
  assert.equal(await startsIn(home), 2);
});

test('a killed broker starts again on its data and its ports', async () => {
  await using home = await TemporaryHome.withFakeKafka('serves');
  const before = await start(home);
  const group = await kafkaGroup();
  await killBroker('kafka');
  assert.deepEqual(await groupMembers(group), []);
  assert.deepEqual(await runningBrokers(), []);
  const after = await restartBroker('kafka', new AbortController().signal);
  assert.notEqual(after.nodes[0]?.pid, before.nodes[0]?.pid);
  assert.deepEqual(after.nodes[0]?.ports, before.nodes[0]?.ports);
  assert.equal(await startsIn(home), 2);
});

test('a paused broker stands still until it is resumed', { ...linuxOnly, timeout: 10_000 }, async () => {
  await using home = await TemporaryHome.withFakeKafka('serves');
  await start(home);
  const states = async (): Promise<string[]> =>
    (await groupStats(await kafkaGroup())).map(({ state }) => state);
  await pauseBroker('kafka');
  // a signal is sent before it has arrived: a process that runs stops when it next enters the kernel
  while ((await states()).join() !== 'T,T') await new Promise((resolve) => setTimeout(resolve, 5));
  await resumeBroker('kafka');
  assert.ok((await states()).every((state) => state !== 'T'));
});

test(
  'a broker that a run left paused is told as paused, and up wakes it',
  { ...linuxOnly, timeout: 10_000 },
  async () => {
    await using home = await TemporaryHome.withFakeKafka('serves');
    await start(home);
    const condition = async (): Promise<string | undefined> =>
      (await runningBrokers())[0]?.nodes[0]?.condition;
    await pauseBroker('kafka');
    while ((await condition()) !== 'paused') await new Promise((resolve) => setTimeout(resolve, 5));
    const woken = await start(home);
    assert.equal(woken.nodes[0]?.condition, 'alive');
    assert.equal(await startsIn(home), 1);
  },
);

for (const act of [pauseBroker, resumeBroker, killBroker]) {
  test(`${act.name} needs a running broker`, async () => {
    await using _home = await TemporaryHome.withFakeKafka('serves');
    await assert.rejects(act('kafka'), {
      code: 'brokers.not-running',
      exitCode: 3,
      hint: /mqbench up kafka/,
    });
    await assert.rejects(act('kafak'), {
      code: 'brokers.unknown',
      exitCode: 2,
      message: /did you mean "kafka"\?/,
      hint: /mqbench can start: .*kafka/,
    });
  });
}

async function startsIn(home: TemporaryHome): Promise<number> {
  const text = await readFile(join(home.brokerFolder('kafka'), 'data', 'starts.txt'), 'utf8');
  return text.trim().split('\n').length;
}
