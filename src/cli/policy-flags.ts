import type { Command } from 'commander';
import { ASPECTS, DEFAULT_POLICY, parsePolicy, type Aspect, type Policy } from '../compare/index.ts';
import { readText } from '../yaml/index.ts';
import { listOf } from './arguments.ts';
import { isThere } from './is-there.ts';

/** As it is called where nobody says how. */
const POLICY_FILE = 'policy.yaml';

/** What every command takes that judges a change. */
export interface PolicyFlags {
  readonly policy?: string;
  readonly allow?: readonly Aspect[];
}

export function policyFlags(command: Command): Command {
  return command
    .option(
      '--policy <file>',
      `what is gated, and how surely (default: ${POLICY_FILE} where there is one, else p99 end to end by 10 %)`,
    )
    .option('--allow <aspects>', `what may differ between the two: ${ASPECTS.join(', ')}`, listOf(ASPECTS));
}

/** @throws UserError (exit code 2) for a file that cannot be read or is not valid */
export async function policyOf({ policy, allow = [] }: PolicyFlags): Promise<Policy> {
  const file = policy ?? ((await isThere(POLICY_FILE)) ? POLICY_FILE : undefined);
  const read = file === undefined ? DEFAULT_POLICY : parsePolicy(await readText(file), file);
  if (file !== undefined && policy === undefined) process.stderr.write(`policy: ${file}\n`);
  return { ...read, allow: [...new Set([...read.allow, ...allow])] };
}
