import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { groupMembers, instanceVariable, killGroup, stopGroup } from '../../src/brokers/process-group.ts';
import type { ProcessGroup } from '../../src/brokers/process-group.ts';
import { identify, onLinux } from '../../src/brokers/process.ts';
import { Stranger } from './fixtures/stranger.ts';

const linuxOnly = { skip: onLinux ? false : 'needs /proc' };

/** A started process and the group that it leads. */
async function startMarked(command: string): Promise<{ leader: Stranger; group: ProcessGroup }> {
  const instance = randomUUID();
  const leader = await Stranger.start(command, { [instanceVariable]: instance });
  const identity = await identify(leader.pid);
  assert.ok(identity);
  return { leader, group: { leader: identity, instance } };
}

test('stopping asks the leader with SIGTERM', async () => {
  const { leader, group } = await startMarked('sleep 600');
  await using _leader = leader;
  await stopGroup(group, 20_000);
  assert.equal(await leader.ended(), 'SIGTERM');
});

test('a leader that ignores SIGTERM is killed when the patience is over', linuxOnly, async () => {
  const { leader, group } = await startMarked(`sh -c 'trap "" TERM; while :; do sleep 0.1; done'`);
  await using _leader = leader;
  // its first sleep tells that the trap is set
  while ((await groupMembers(group)).length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  await stopGroup(group, 300);
  assert.equal(await leader.ended(), 'SIGKILL');
  assert.deepEqual(await groupMembers(group), []);
});

test('a paused leader can be stopped', async () => {
  const { leader, group } = await startMarked('sleep 600');
  await using _leader = leader;
  process.kill(leader.pid, 'SIGSTOP');
  await stopGroup(group, 20_000);
  assert.equal(await leader.ended(), 'SIGTERM');
});

test('a helper in a session of its own is found after its leader has died', linuxOnly, async () => {
  const { leader, group } = await startMarked(`sh -c 'setsid sleep 600 & exec sleep 600'`);
  await using _leader = leader;
  while ((await groupMembers(group)).length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  process.kill(leader.pid, 'SIGKILL');
  await leader.ended();
  assert.equal((await groupMembers(group)).length, 1);
  await killGroup(group);
  assert.deepEqual(await groupMembers(group), []);
});

test('a leader that wrote over its environment is known by its identity', async () => {
  await using leader = await Stranger.start();
  const identity = await identify(leader.pid);
  assert.ok(identity);
  const group = { leader: identity, instance: randomUUID() };
  assert.deepEqual(await groupMembers(group), [leader.pid]);
  await killGroup(group);
  assert.equal(await leader.ended(), 'SIGKILL');
});

test('a stranger with the recycled pid of the leader is left alone', async () => {
  await using stranger = await Stranger.start();
  const identity = await identify(stranger.pid);
  assert.ok(identity);
  const group = { leader: { ...identity, startTime: '1' }, instance: randomUUID() };
  await stopGroup(group, 100);
  await killGroup(group);
  assert.equal(stranger.isAlive, true);
});
