import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { BrokerLock } from '../../src/brokers/lock.ts';
import { identify } from '../../src/brokers/process.ts';
import { Stranger } from './fixtures/stranger.ts';
import { TemporaryHome } from './fixtures/temporary-home.ts';

test('a lock is held once, and free again afterwards', async () => {
  await using _home = await TemporaryHome.create();
  const first = await BrokerLock.acquire('kafka');
  await assert.rejects(BrokerLock.acquire('kafka'), { code: 'brokers.busy', exitCode: 3 });
  await first[Symbol.asyncDispose]();
  await using _second = await BrokerLock.acquire('kafka');
});

test('of many who want the lock at once, one gets it', async () => {
  await using _home = await TemporaryHome.create();
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => BrokerLock.acquire('kafka')));
  const held = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  await using _lock = held[0];
  assert.equal(held.length, 1);
});

test('the lock of a process that crashed is taken over', async () => {
  await using home = await TemporaryHome.create();
  // given the lock of a process that has ended
  await using stranger = await Stranger.start();
  const holder = await identify(stranger.pid);
  process.kill(stranger.pid, 'SIGKILL');
  await stranger.ended();
  await (await BrokerLock.acquire('kafka'))[Symbol.asyncDispose]();
  await writeFile(join(home.directory, 'brokers', 'kafka.lock'), JSON.stringify(holder));
  // when many want it, then one takes it over, and nothing else is left beside it
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => BrokerLock.acquire('kafka')));
  const held = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  await using _lock = held[0];
  assert.equal(held.length, 1);
  assert.deepEqual(await readdir(join(home.directory, 'brokers')), ['kafka.lock']);
});
