import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningBroker, RunningNode } from './broker.ts';
import { groupOf } from './native.ts';
import { groupStats } from './process-group.ts';
import { onLinux, residentBytes } from './process.ts';
import { readState } from './state.ts';
import type { BrokerState } from './state.ts';

/** The kernel reports times in 1/100 s on every architecture that Node runs on (USER_HZ, proc(5)). */
const ticksPerSecond = 100;

/** POSIX counts the blocks of a file in units of 512 bytes, whatever the file system's own are. */
const blockBytes = 512;

/** What a broker costs. CPU is a running total: the cost of a span is the difference of two observations. */
export interface Observation {
  cpuSeconds: number;
  rssBytes: number;
  /** what the data directory occupies; sparse files count as what is written of them */
  diskBytes: number;
}

/**
 * Sums over all processes of a native broker. Undefined where that is not visible: a container, another system
 * than Linux, a broker or a node of it that was stopped or started anew since.
 */
export async function observeBroker(broker: RunningBroker): Promise<Observation | undefined> {
  return totalOf(await observeNodes(broker));
}

/** Each node by itself, in their order; undefined for one that is not visible. */
export async function observeNodes(broker: RunningBroker): Promise<readonly (Observation | undefined)[]> {
  const state = onLinux && broker.provider === 'native' ? await readState(broker.name) : undefined;
  if (state === undefined || state.startedAt !== broker.startedAt) return broker.nodes.map(() => undefined);
  return Promise.all(broker.nodes.map(async (node) => observeNode(state, node)));
}

/** Undefined where one of the nodes is. */
export function totalOf(nodes: readonly (Observation | undefined)[]): Observation | undefined {
  const visible = nodes.filter((node) => node !== undefined);
  if (visible.length < nodes.length) return undefined;
  return {
    cpuSeconds: sum(visible.map(({ cpuSeconds }) => cpuSeconds)),
    rssBytes: sum(visible.map(({ rssBytes }) => rssBytes)),
    diskBytes: sum(visible.map(({ diskBytes }) => diskBytes)),
  };
}

async function observeNode(
  { nodes }: BrokerState,
  { node: number, pid, dataDir }: RunningNode,
): Promise<Observation | undefined> {
  const node = nodes[number - 1];
  if (node === undefined || node.leader?.pid !== pid || dataDir === undefined) return undefined;
  const stats = await groupStats(groupOf(node));
  if (stats.length === 0) return undefined;
  const rss = await Promise.all(stats.map(async (each) => residentBytes(each.pid)));
  return {
    cpuSeconds: sum(stats.map((each) => each.cpuTicks)) / ticksPerSecond,
    rssBytes: sum(rss),
    diskBytes: await occupiedBytes(dataDir),
  };
}

/** As `du` counts. Brokers create and delete files meanwhile: what has gone counts nothing. */
async function occupiedBytes(directory: string): Promise<number> {
  const entries = await orWhenGone(readdir(directory, { withFileTypes: true }), []);
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return occupiedBytes(path);
      return ((await orWhenGone(stat(path), undefined))?.blocks ?? 0) * blockBytes;
    }),
  );
  return sum(sizes);
}

async function orWhenGone<T, E>(reading: Promise<T>, gone: E): Promise<T | E> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return gone;
    throw error;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
