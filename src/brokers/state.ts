import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../make-folder.ts';
import { brokerDirectory } from './home.ts';

const identitySchema = z.strictObject({ pid: z.int().min(2), startTime: z.string(), bootId: z.string() });

/** A node's place in the list is its number, from 1. */
const nodeSchema = z.strictObject({
  /** `killed`: mqbench killed it on purpose and may start it again on the same data */
  phase: z.enum(['started', 'killed']),
  /** native only: the leader of the process group, and the mark of the group's processes */
  leader: identitySchema.optional(),
  instance: z.string(),
  ports: z.record(z.string(), z.int()),
});

/**
 * What is remembered of a started broker between two commands.
 *
 * - `starting`: its processes exist, and it has not been seen ready
 * - `running`: it was ready once; whether it still lives is looked up, never remembered
 * - `killed`: mqbench killed it on purpose, every node of it, and may start it again on the same data
 * - `kept`: it was stopped and its data kept for the next start
 * - `failed`: it did not become ready; the log is kept
 */
const stateSchema = z.strictObject({
  broker: z.string(),
  provider: z.enum(['native', 'docker']),
  phase: z.enum(['starting', 'running', 'killed', 'kept', 'failed']),
  version: z.string(),
  portOffset: z.int().min(0),
  nodes: z.array(nodeSchema).min(1),
  connection: z.record(z.string(), z.unknown()),
  startedAt: z.iso.datetime(),
});

export type BrokerState = z.infer<typeof stateSchema>;
export type NodeState = BrokerState['nodes'][number];

/** The broker as if these were all of its nodes: what a provider is handed to act on no other. */
export function only(state: BrokerState, ...nodes: readonly NodeState[]): BrokerState {
  return { ...state, nodes: [...nodes] };
}

/** The remembered state of a broker, or undefined when there is none that can be read. */
export async function readState(name: string): Promise<BrokerState | undefined> {
  let text: string;
  try {
    text = await readFile(stateFile(name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return parseState(text);
}

/** Writes beside the file and renames, so that a reader sees the old state or the new one, never half of one. */
export async function writeState(name: string, state: BrokerState): Promise<void> {
  await makeFolder(brokerDirectory(name));
  const temporary = `${stateFile(name)}.${randomUUID()}`;
  await writeFile(temporary, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  await rename(temporary, stateFile(name));
}

/** A state of another version of mqbench, or one that was edited, counts as none: nothing is known of it. */
function parseState(text: string): BrokerState | undefined {
  try {
    const result = stateSchema.safeParse(JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function stateFile(name: string): string {
  return join(brokerDirectory(name), 'state.json');
}
