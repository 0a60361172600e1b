import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { UserError } from '../user-error.ts';
import { homeDirectory } from './home.ts';
import { findProgram, runProgram } from './program.ts';
import type { ProgramResult } from './program.ts';

/** docker/compose.yaml of this package; two folders up from the sources and from the compiled ones alike. */
const composeFile = fileURLToPath(new URL('../../docker/compose.yaml', import.meta.url));

/** A command that starts Compose: the plugin of the docker client, or the older program of its own. */
export type ComposeCommand = readonly [file: string, ...args: string[]];

/** How Compose is called here, or undefined where it is not installed. */
export async function findCompose(): Promise<ComposeCommand | undefined> {
  const docker = await findProgram('docker');
  if (docker !== undefined && (await runProgram(docker, ['compose', 'version'])).exitCode === 0) {
    return [docker, 'compose'];
  }
  const standalone = await findProgram('docker-compose');
  return standalone === undefined ? undefined : [standalone];
}

/** The version of the Docker engine, or undefined when none answers. */
export async function engineVersion(): Promise<string | undefined> {
  const docker = await findProgram('docker');
  if (docker === undefined) return undefined;
  const { exitCode, stdout } = await runProgram(docker, ['version', '--format', '{{.Server.Version}}']);
  return exitCode === 0 ? stdout.trim() : undefined;
}

/**
 * Runs Compose on our file, in a project that belongs to this home, and returns what it prints.
 * @throws {UserError} `brokers.compose` (exit code 3) with what Compose says
 */
export async function compose(
  args: readonly string[],
  options: { readonly environment?: Readonly<Record<string, string>>; readonly signal?: AbortSignal } = {},
): Promise<string> {
  const command = await findCompose();
  if (command === undefined) throw composeFailed('it is not installed', 'install Docker Compose');
  const [file, ...before] = command;
  const project = ['--project-name', projectName(), '--file', composeFile];
  const result = await runProgram(file, [...before, ...project, ...args], options);
  if (result.exitCode !== 0) throw composeFailed(saidBy(result), 'mqbench doctor says what Docker lacks');
  return result.stdout;
}

/** Two homes hold different brokers, so their containers need different names. */
function projectName(): string {
  return `mqbench-${createHash('sha256').update(homeDirectory()).digest('hex').slice(0, 8)}`;
}

function saidBy(result: ProgramResult): string {
  const said = result.stderr.trim() || result.stdout.trim();
  return said === '' ? `it ended with ${result.exitCode}` : said;
}

function composeFailed(reason: string, hint: string): UserError {
  return new UserError(`docker compose failed: ${reason}`, { code: 'brokers.compose', exitCode: 3, hint });
}
