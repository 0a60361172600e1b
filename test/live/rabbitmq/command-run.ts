import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resultSchema, type TrialResult } from '../../../src/result/index.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

/** `mqbench run` of a scenario on the target rabbitmq, as a process. */
export class CommandRun implements AsyncDisposable {
  readonly #folder: string;
  readonly #child;
  readonly #ended: Promise<unknown>;
  #stdout = '';
  #stderr = '';

  private constructor(folder: string, scenario: string) {
    this.#folder = folder;
    const args = [main, 'run', scenario, '--target', 'rabbitmq', '--json', '--out', folder];
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout.on('data', (text: Buffer) => (this.#stdout += text.toString()));
    this.#child.stderr.on('data', (text: Buffer) => (this.#stderr += text.toString()));
    this.#ended = once(this.#child, 'close');
  }

  static async start(scenario: string): Promise<CommandRun> {
    const folder = await mkdtemp(join(tmpdir(), 'mqbench-alarm-'));
    const file = join(folder, 'alarm.yaml');
    await writeFile(file, scenario);
    return new CommandRun(folder, file);
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Resolves when the run says that it is in this phase. */
  async inPhase(name: string): Promise<void> {
    while (!this.#stderr.includes(`: ${name}`)) {
      assert.equal(this.#child.exitCode, null, `ended before it: ${this.#stderr}`);
      await Promise.race([once(this.#child.stderr, 'data'), this.#ended]);
    }
  }

  async exitCode(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }

  /** The one trial, when it has ended. */
  async trial(): Promise<TrialResult> {
    await this.#ended;
    const trial = resultSchema.parse(JSON.parse(this.#stdout)).trials[0];
    assert.ok(trial, this.#stderr);
    return trial;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGTERM');
    await this.#ended;
    await rm(this.#folder, { recursive: true });
  }
}
