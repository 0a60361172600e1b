import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { WORKFLOWS, type Job } from '../../src/ci/index.ts';
import { BIN, Project } from '../cli/fixtures/project.ts';

const JOB: Job = { scenario: 'orders', target: 'shop', repeats: 5, install: 'npm ci', version: '1.2.3' };

/** Enough messages for a p99, and no more. */
const ORDERS = `workload: stream
contract: leader-acked
messages: { size: 1KiB }
load: { arrivals: uniform, phases: [{ name: steady, rate: 2000/s, for: 600ms }] }
drain: { quiet: 100ms }
`;

const workspace = (faults: string): string =>
  `targets: { shop: { driver: memory${faults} } }\ndefaults: { scenario: orders, targets: [shop] }\n`;

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Ended {
  readonly exitCode: number;
  readonly output: string;
}

/** A runner of GitHub Actions, as far as the steps of a workflow see one. */
class Runner {
  readonly #project: Project;

  constructor(project: Project) {
    this.#project = project;
  }

  /** Puts a command on the runner's PATH. */
  async has(name: string, script: string): Promise<void> {
    await mkdir(this.#bin, { recursive: true });
    await writeFile(join(this.#bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(this.#bin, name), 0o755);
  }

  async run(script: string, environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const env = {
      ...process.env,
      PATH: `${this.#bin}:${process.env['PATH']}`,
      MQBENCH_HOME: join(this.#project.path, '../mqbench'),
      RUNNER_TEMP: join(this.#project.path, '..'),
      GITHUB_REPOSITORY: 'shop/orders',
      GITHUB_STEP_SUMMARY: join(this.#project.path, '../summary.md'),
      ...environment,
    };
    return new Promise((resolve) => {
      execFile('bash', ['-e', '-c', script], { cwd: this.#project.path, env }, (error, stdout, stderr) => {
        resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
      });
    });
  }

  get #bin(): string {
    return join(this.#project.path, '../bin');
  }
}

function steps(text: string): readonly Step[] {
  const { jobs } = parse(text) as { jobs: { compare: { steps: readonly Step[] } } };
  return jobs.compare.steps;
}

const COMMIT = 'git add -A && git -c user.name=Ada -c user.email=ada@example.org commit -qm';

describe('a workflow of GitHub Actions', () => {
  it('measures what a pull request changes beside what it changes, and fails where that is worse', async () => {
    await using project = await Project.with({
      'scenarios/orders.yaml': ORDERS,
      'mqbench.yaml': workspace(''),
    });
    const runner = new Runner(project);
    await runner.has('npx', `shift\nexec "${process.execPath}" "${BIN}" "$@"`);
    await runner.has('npm', 'echo installed');
    const { path, text } = WORKFLOWS.github(JOB);
    assert.equal((await project.mqbench('init', '--ci', 'github')).exitCode, 0);
    assert.match(await readFile(join(project.path, path), 'utf8'), /ab orders --target shop --up/);
    await runner.run(`git init -q . && ${COMMIT} base`);
    await writeFile(join(project.path, 'mqbench.yaml'), workspace(', faults: { delayMs: 30 }'));
    await runner.run(`${COMMIT} slower`);
    const outcomes: Ended[] = [];
    for (const { run, name } of steps(text)) {
      if (run !== undefined && name !== 'Comment on the pull request') outcomes.push(await runner.run(run));
    }
    const outputs = outcomes.map(({ output }) => output).join('\n');
    assert.deepEqual(
      outcomes.map(({ exitCode }) => exitCode),
      [0, 0, 0, 1],
      outputs,
    );
    assert.match(outputs, /│ regressed │ orders +│ shop@a → shop@b │/);
    const summary = await readFile(join(project.path, '../summary.md'), 'utf8');
    assert.equal(await readFile(join(project.path, 'comparison.md'), 'utf8'), summary);
    assert.match(summary, /^<!-- mqbench:compare orders on shop@a → shop@b -->\n\n### Failed: /);
  });

  for (const [what, found, called] of [
    ['writes a comment where there is none', '', 'pr comment 7 --body-file comparison.md'],
    [
      'renews the one that is there',
      '99',
      'api --silent -X PATCH repos/shop/orders/issues/comments/99 -F body=@comparison.md',
    ],
  ] as const) {
    it(what, async () => {
      await using project = await Project.with({
        'comparison.md': '<!-- mqbench:compare x on y -->\nPassed\n',
      });
      const runner = new Runner(project);
      await runner.has(
        'gh',
        `echo "$MARKER | $@" >> calls\nif [ "$2" = --paginate ]; then echo "${found}"; fi`,
      );
      const { run = '' } =
        steps(WORKFLOWS.github(JOB).text).find(({ name }) => name?.startsWith('Comment')) ?? {};
      const { exitCode, output } = await runner.run(run, { PULL: '7' });
      assert.equal(exitCode, 0, output);
      const calls = (await readFile(join(project.path, 'calls'), 'utf8')).trim().split('\n');
      assert.match(
        calls[0] ?? '',
        /^<!-- mqbench:compare x on y --> \| api --paginate repos\/shop\/orders\/issues\/7\/comments /,
      );
      assert.equal(calls[1], `<!-- mqbench:compare x on y --> | ${called}`);
    });
  }
});

describe('a job of GitLab CI', () => {
  it('does the same, with what it fails by as JUnit, and what it cannot say as a warning', () => {
    const { mqbench } = parse(WORKFLOWS.gitlab(JOB).text) as {
      mqbench: { script: readonly string[]; allow_failure: object; artifacts: { reports: object } };
    };
    assert.deepEqual(mqbench.script, [
      'base=$(mktemp -d)',
      'git worktree add --detach "$base" "$CI_MERGE_REQUEST_DIFF_BASE_SHA"',
      'npm ci',
      'npx mqbench validate policy.yaml',
      'npx mqbench ab orders --target shop --up --a checkout="$base" --b checkout=. --policy policy.yaml --repeats 5 --markdown comparison.md --junit mqbench.xml',
    ]);
    assert.deepEqual(mqbench.allow_failure, { exit_codes: 4 });
    assert.deepEqual(mqbench.artifacts.reports, { junit: 'mqbench.xml' });
  });

  it('without a package.json says which mqbench it means', () => {
    const { mqbench } = parse(WORKFLOWS.gitlab({ ...JOB, install: undefined }).text) as {
      mqbench: { script: readonly string[] };
    };
    assert.equal(mqbench.script[2], 'npx --yes mqbench@1.2.3 validate policy.yaml');
  });
});
