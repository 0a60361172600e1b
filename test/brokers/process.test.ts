import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  allProcesses,
  commandOf,
  environmentOf,
  identify,
  isAlive,
  onLinux,
  parseStat,
} from '../../src/brokers/process.ts';
import { Stranger } from './fixtures/stranger.ts';

const linuxOnly = { skip: onLinux ? false : 'needs /proc' };

test('a line of /proc/<pid>/stat is read whatever the name of the process is', () => {
  // given a process that calls itself "a) R 1 (b"
  const line =
    '4711 (a) R 1 (b) S 1 4700 4700 0 -1 4194304 100 0 0 0 11 7 3 2 20 0 1 0 466283 8192000 344 18446744073709551615 1 1';
  // when it is parsed, then the fields are those after the last parenthesis
  assert.deepEqual(parseStat(line), {
    pid: 4711,
    state: 'S',
    processGroup: 4700,
    startTime: '466283',
    threads: 1,
    cpuTicks: 23,
  });
});

test('a process is alive as long as it runs, and not afterwards', async () => {
  await using stranger = await Stranger.start();
  const identity = await identify(stranger.pid);
  assert.ok(identity);
  assert.equal(await isAlive(identity), true);
  process.kill(stranger.pid, 'SIGKILL');
  await stranger.ended();
  assert.equal(await isAlive(identity), false);
  assert.equal(await identify(stranger.pid), undefined);
});

test('a pid that was recycled is not the process that was meant', async () => {
  await using stranger = await Stranger.start();
  const identity = await identify(stranger.pid);
  assert.ok(identity);
  assert.equal(await isAlive({ ...identity, startTime: '1' }), false);
  assert.equal(await isAlive({ ...identity, bootId: 'of another boot' }), false);
});

test('a zombie is not alive', linuxOnly, async () => {
  // given a child that its parent, a shell turned into sleep, never waits for
  await using parent = await Stranger.start("sh -c 'sleep 0.01 & exec sleep 600'");
  const childrenOf = async (): Promise<number> =>
    (await allProcesses()).filter((each) => each.processGroup === parent.pid).length;
  // the shell has had its child once it is a sleep itself
  while ((await commandOf(parent.pid)) !== 'sleep') await new Promise((resolve) => setTimeout(resolve, 5));
  // when it has ended, then only the parent counts
  while ((await childrenOf()) > 1) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(await childrenOf(), 1);
});

test('the environment and the name of a process can be looked up', linuxOnly, async () => {
  await using stranger = await Stranger.start('sleep 600', { MQBENCH_TEST: 'a=b' });
  // until exec is done, it is still the shell
  while ((await commandOf(stranger.pid)) !== 'sleep') await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(await environmentOf(stranger.pid, 'MQBENCH_TEST'), 'a=b');
  assert.equal(await environmentOf(stranger.pid, 'MQBENCH_TES'), undefined);
});
