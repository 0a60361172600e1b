import assert from 'node:assert/strict';
import type { TrialResult } from '../../../src/result/index.ts';
import { Project, type Ran } from '../../cli/fixtures/project.ts';

/** Long enough to fill what is small, and short enough for a test. */
const SCENARIO = `title: A broker in trouble
question: What does mqbench say of a broker that does not do what it is asked to?
workload: stream
contract: leader-acked
messages: { size: SIZE }
consumers: { window: 100, work: WORK }
load:
  arrivals: uniform
  phases:
    - { name: steady, rate: 500/s, for: 4s }
drain: { quiet: 100ms, timeout: 8s }
`;

/** What a configured target says of itself. */
export type Config = Readonly<Record<string, unknown>>;

/** Runs the command on these targets, and returns what it said. */
export async function runOn(
  targets: Readonly<Record<string, Config>>,
  { sizeOf = '1KiB', work = '0ms', inPhase = async () => {} }: Circumstances = {},
): Promise<Told> {
  const project = await Project.with({
    'trouble.yaml': SCENARIO.replace('SIZE', sizeOf).replace('WORK', work),
    // JSON is YAML
    'mqbench.yaml': JSON.stringify({ targets }),
  });
  const started = project.start(['run', 'trouble.yaml', '--target', Object.keys(targets).join(',')]);
  const trouble = started.says(/: steady/).then(inPhase, () => undefined);
  const ran = await started.ended;
  await trouble;
  return new Told(project, ran);
}

interface Circumstances {
  /** of a message */
  readonly sizeOf?: string;
  /** how long a consumer takes for a message */
  readonly work?: string;
  /** called when messages are being sent, where it comes to that */
  readonly inPhase?: () => Promise<void>;
}

/** What a run of the command said, and left. */
export class Told implements AsyncDisposable {
  readonly ran: Ran;
  readonly #project: Project;

  constructor(project: Project, ran: Ran) {
    this.#project = project;
    this.ran = ran;
  }

  /** It ended before anything was measured, with exit code 3 and a line a target that begins with its name. */
  refuses(lines: Readonly<Record<string, RegExp>>): void {
    const { exitCode, stderr, stdout } = this.ran;
    assert.deepEqual([exitCode, stdout], [3, ''], stderr);
    const said = stderr.replace(/^error: /, '').split('\n');
    for (const [target, pattern] of Object.entries(lines)) {
      const line = said.find((each) => each.startsWith(`${target}: `)) ?? '';
      assert.match(line.slice(target.length + 2), pattern, `${target}: ${stderr}`);
    }
  }

  /** The only trial broke for this reason, with exit code 3. */
  async breaks(reason: RegExp): Promise<void> {
    const { exitCode, stderr } = this.ran;
    assert.equal(exitCode, 3, stderr);
    const { result } = await this.#project.campaign();
    assert.equal(result.trials.length, 0);
    assert.match(result.failures[0]?.error ?? '', reason);
  }

  /** The only trial, whatever it came to. */
  async trial(): Promise<TrialResult> {
    const { result } = await this.#project.campaign();
    const [trial] = result.trials;
    assert.ok(trial, this.ran.stderr);
    return trial;
  }

  /** The only trial failed, exit code 3, with a warning like this; every message of it is accounted for. */
  async fails(warning: RegExp): Promise<TrialResult> {
    const { exitCode, stderr } = this.ran;
    assert.equal(exitCode, 3, stderr);
    const trial = await this.trial();
    assert.equal(trial.verdict, 'failed', trial.warnings.join('\n'));
    assert.ok(
      trial.warnings.some((each) => warning.test(each)),
      trial.warnings.join('\n'),
    );
    const { ledger } = trial;
    assert.equal(ledger.attempted, 2000);
    assert.equal(ledger.attempted, ledger.acknowledged + ledger.failed + ledger.unknown);
    assert.ok(ledger.acknowledged > 0 && ledger.failed > 0, JSON.stringify(ledger));
    assert.equal(
      ledger.reasons.reduce((sum, { count }) => sum + count, 0),
      ledger.failed + ledger.unknown,
    );
    assert.deepEqual([ledger.phantom, ledger.corrupt, ledger.resurrected], [0, 0, 0]);
    return trial;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#project[Symbol.asyncDispose]();
  }
}
