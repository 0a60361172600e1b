import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { WORKFLOWS, type Job } from '../../src/ci/index.ts';
import { BIN, Project } from '../cli/fixtures/project.ts';

const JOB: Job = { scenario: 'orders', target: 'shop', repeats: 5, folder: '', install: 'npm ci' };

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
    await runner.has(
      'npx',
      `test "$1 $2" = "--no mqbench" || exit 9\nshift 2\nexec "${process.execPath}" "${BIN}" "$@"`,
    );
    await runner.has('npm', 'echo installed');
    const { path, text } = WORKFLOWS.github(JOB);
    await runner.run('git init -q .');
    const written = await project.mqbench('init', '--ci', 'github');
    assert.equal(written.exitCode, 0, written.stderr);
    assert.match(written.stderr, /^mqbench is no dependency of this project/);
    assert.match(await readFile(join(project.path, path), 'utf8'), /ab orders --target shop --up/);
    await runner.run(`${COMMIT} base`);
    await writeFile(join(project.path, 'mqbench.yaml'), workspace(', faults: { delayMs: 30 }'));
    await runner.run(`${COMMIT} slower`);
    const outcomes: Ended[] = [];
    for (const { run, name } of steps(text)) {
      if (run !== undefined && name !== 'Comment on the pull request') outcomes.push(await runner.run(run));
    }
    const outputs = outcomes.map(({ output }) => output).join('\n');
    assert.deepEqual(
      outcomes.map(({ exitCode }) => exitCode),
      [0, 0, 1],
      outputs,
    );
    assert.match(outputs, /│ regressed │ orders +│ shop@a → shop@b │/);
    const summary = await readFile(join(project.path, '../summary.md'), 'utf8');
    assert.equal(await readFile(join(project.path, 'comparison.md'), 'utf8'), summary);
    assert.match(summary, /^<!-- mqbench:compare orders on shop -->\n\n### Failed: /);
  });

  it('that changes nothing of what is measured has nothing to compare, and one that adds the policy neither', async () => {
    await using project = await Project.with({
      'scenarios/orders.yaml': ORDERS,
      'mqbench.yaml': workspace(''),
      'policy.yaml': 'gates: [{ metric: endToEnd.p99, tolerance: 30% }]\n',
    });
    const runner = new Runner(project);
    await runner.has('npx', `shift 2\nexec "${process.execPath}" "${BIN}" "$@"`);
    const script =
      steps(WORKFLOWS.github(JOB).text).find(({ name }) => name?.startsWith('Measure'))?.run ?? '';
    const setup = `git init -q -b main . && git add scenarios mqbench.yaml && git -c user.name=Ada -c user.email=a@b commit -qm first && ${COMMIT} policy && git worktree add -q "$RUNNER_TEMP/base" HEAD^1`;
    assert.equal((await runner.run(setup)).exitCode, 0);
    const first = await runner.run(script);
    assert.equal(first.exitCode, 0, first.output);
    assert.match(first.output, /^no policy\.yaml there yet: nothing to compare with$/m);
    await runner.run('cd "$RUNNER_TEMP/base" && git checkout -q --detach HEAD && git reset -q --hard main');
    const second = await runner.run(script);
    assert.equal(second.exitCode, 0, second.output);
    assert.match(
      second.output,
      /^nothing that is measured differs between the two checkouts: nothing to compare$/m,
    );
  });

  for (const [what, page, found, called] of [
    ['writes a comment where there is none', 'Passed', '', 'pr comment 7 --body-file comparison.md'],
    [
      'renews the one that is there',
      'Passed',
      '99',
      'api --silent -X PATCH repos/shop/orders/issues/comments/99 -F body=@comparison.md',
    ],
    [
      'lets no old comment stand where nothing was compared',
      undefined,
      '99',
      'api --silent -X PATCH repos/shop/orders/issues/comments/99 -F body=@comparison.md',
    ],
  ] as const) {
    it(what, async () => {
      const marker = '<!-- mqbench:compare orders on shop -->';
      await using project = await Project.with(
        page === undefined ? {} : { 'comparison.md': `${marker}\n\n### ${page}\n` },
      );
      const runner = new Runner(project);
      await runner.has(
        'gh',
        `echo "$MARKER | $@" >> calls\nif [ "$2" = --paginate ]; then echo "${found}"; fi`,
      );
      const { run = '' } =
        steps(WORKFLOWS.github(JOB).text).find(({ name }) => name?.startsWith('Comment')) ?? {};
      const { exitCode, output } = await runner.run(run, { PULL: '7', UNKNOWN: marker });
      assert.equal(exitCode, 0, output);
      const calls = (await readFile(join(project.path, 'calls'), 'utf8')).trim().split('\n');
      assert.equal(
        calls[0]?.startsWith(`${marker} | api --paginate repos/shop/orders/issues/7/comments `),
        true,
        calls[0],
      );
      assert.equal(calls[1], `${marker} | ${called}`);
      const body = await readFile(join(project.path, 'comparison.md'), 'utf8');
      assert.match(body, page === undefined ? /\n\n### Nothing was compared; / : /\n\n### Passed\n/);
    });
  }

  it('of one project of several is at the root of the repository, and runs in the folder of the project', async () => {
    await using project = await Project.with({
      'services/my orders/scenarios/orders.yaml': ORDERS,
      'services/my orders/mqbench.yaml': workspace(''),
      'services/my orders/package.json': '{ "devDependencies": { "mqbench": "*" } }',
      '.git/HEAD': 'ref: refs/heads/main\n',
    });
    const { exitCode, stderr } = await project.mqbench(
      'init',
      '--ci',
      'github',
      '--dir',
      'services/my orders',
    );
    assert.equal(exitCode, 0, stderr);
    assert.equal(stderr, '');
    const text = await readFile(
      join(project.path, '.github/workflows/mqbench-services-my-orders.yaml'),
      'utf8',
    );
    const { jobs } = parse(text) as { jobs: { compare: { defaults: object } } };
    assert.deepEqual(jobs.compare.defaults, { run: { 'working-directory': 'services/my orders' } });
    assert.match(
      text,
      /--a checkout="\$base"\/'services\/my orders' --b checkout=\. --policy "\$base"\/'services\/my orders'\/policy\.yaml/,
    );
    assert.match(text, /\n {12}services\/my orders\/results\/\n/);
  });
});

describe('a job of GitLab CI', () => {
  it('does the same, with what it fails by as JUnit, and what it cannot say as a warning', () => {
    const { mqbench } = parse(WORKFLOWS.gitlab(JOB).text) as {
      mqbench: { script: readonly string[]; allow_failure: object; artifacts: { reports: object } };
    };
    assert.deepEqual(mqbench.script.slice(0, 3), [
      'base=$(mktemp -d)',
      'git worktree add --detach "$base" "$CI_MERGE_REQUEST_DIFF_BASE_SHA"',
      'npm ci',
    ]);
    assert.match(mqbench.script[3] ?? '', /^npx --no mqbench ab orders --target shop --up --repeats 5 \\$/m);
    assert.deepEqual(mqbench.allow_failure, { exit_codes: 4 });
    assert.deepEqual(mqbench.artifacts.reports, { junit: 'mqbench.xml' });
  });
});
