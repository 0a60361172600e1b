import { setTimeout as sleep } from 'node:timers/promises';
import { allProcesses, environmentOf, identify, isAlive, onLinux } from './process.ts';
import type { ProcessIdentity, ProcessStat } from './process.ts';

/** Set in the environment of every broker that is started; its helpers (epmd) inherit it. */
export const instanceVariable = 'MQBENCH_INSTANCE';

/** SIGKILL takes effect at once, unless the process hangs inside the kernel. */
const killPatienceMs = 10_000;

/** The processes of one started broker: it leads a group of its own. */
export interface ProcessGroup {
  readonly leader: ProcessIdentity;
  /** value of MQBENCH_INSTANCE, unique to this start */
  readonly instance: string;
}

/**
 * The live processes of the group. On Linux each one is recognised by the mark in its environment, not by
 * its pid or group number, so that it is found after its leader has died and a stranger never is; the leader
 * by its identity too, since one that writes its own title (Redis) writes it over its environment.
 * Elsewhere the group is known by its leader alone.
 */
export async function groupMembers(group: ProcessGroup): Promise<readonly number[]> {
  if (onLinux) return (await groupStats(group)).map((stat) => stat.pid);
  return (await isAlive(group.leader)) ? [group.leader.pid] : [];
}

/** What the kernel says of each process of the group. Linux only. */
export async function groupStats(group: ProcessGroup): Promise<readonly ProcessStat[]> {
  const processes = await allProcesses();
  const leads = (await isAlive(group.leader)) ? group.leader.pid : undefined;
  const ours = await Promise.all(
    processes.map(
      async ({ pid }) => pid === leads || (await environmentOf(pid, instanceVariable)) === group.instance,
    ),
  );
  return processes.filter((_, index) => ours[index]);
}

/** Signals every process of the group that is verified to be ours. Returns how many there were. */
export async function signalGroup(group: ProcessGroup, signal: NodeJS.Signals): Promise<number> {
  const members = await groupMembers(group);
  if (!onLinux) return members.length === 0 ? 0 : signalPid(-group.leader.pid, signal);
  let signalled = 0;
  for (const pid of members) signalled += signalPid(pid, signal);
  return signalled;
}

/**
 * Asks the leader to stop, and kills what is left when it has or when the patience is over. The leader alone
 * is asked, since it needs its helpers while it stops. Resolves when no process of the group is left.
 */
export async function stopGroup(group: ProcessGroup, patienceMs: number): Promise<void> {
  const graceEndsAtMs = Date.now() + patienceMs;
  // a paused broker could not react to SIGTERM
  await signalGroup(group, 'SIGCONT');
  if (await isAlive(group.leader)) signalPid(group.leader.pid, 'SIGTERM');
  while ((await isAlive(group.leader)) && Date.now() < graceEndsAtMs) await sleep(50);
  await killGroup(group);
}

/**
 * SIGKILL; resolves when no process of the group is left. One that is dying has lost the mark in its environment
 * and still holds its ports, so those that were seen are waited for by their identity.
 */
export async function killGroup(group: ProcessGroup): Promise<void> {
  const endsAtMs = Date.now() + killPatienceMs;
  const dying = new Map<number, ProcessIdentity>();
  for (;;) {
    for (const pid of await groupMembers(group)) {
      const identity = await identify(pid);
      if (identity !== undefined) dying.set(pid, identity);
    }
    const signalled = await signalGroup(group, 'SIGKILL');
    for (const [pid, identity] of dying) if (!(await isAlive(identity))) dying.delete(pid);
    if (signalled === 0 && dying.size === 0) return;
    if (Date.now() > endsAtMs) throw new Error(`process group ${group.leader.pid} does not die of SIGKILL`);
    await sleep(20);
  }
}

function signalPid(pid: number, signal: NodeJS.Signals): number {
  try {
    process.kill(pid, signal);
    return 1;
  } catch (error) {
    // it ended between the look and the signal
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 0;
    throw error;
  }
}
