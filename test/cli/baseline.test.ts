import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Result } from '../../src/result/index.ts';
import { measuredUpTo, resultOf, trialOf } from '../result/fixtures/sample.ts';
import { Project } from './fixtures/project.ts';

function campaign(id: string, factor: number, changes: Partial<Result> = {}): string {
  const trials = [4000, 4040, 3960, 4020, 3980].map((us, index) =>
    trialOf({ repeat: index + 1, measured: measuredUpTo(us * factor) }),
  );
  return JSON.stringify(resultOf(trials, { id, startedAt: `2026-01-0${id}T00:00:00.000Z`, ...changes }));
}

const RUNS = {
  'results/1/result.json': campaign('1', 1),
  'results/2/result.json': campaign('2', 1.001),
  'results/3/result.json': campaign('3', 1.5),
  'results/4/result.json': campaign('4', 1.09),
  'results/5/result.json': campaign('5', 1, { interrupted: true }),
};

const [TWO, FAILING] = [
  { trials: [trialOf({ repeat: 1 }), trialOf({ repeat: 2 })], repeats: 2 },
  { trials: [trialOf({ checks: [{ check: 'p50', value: 2, bound: 1, unit: 'us', passed: false }] })] },
];

const MORE_RUNS = {
  'results/7/result.json': campaign('7', 1, TWO),
  'results/8/result.json': campaign('8', 1, FAILING),
  'baselines/old/result.json': campaign('1', 1, {
    baseline: {
      name: 'old',
      savedAt: '2026-01-01',
      by: 'Ada',
      why: null,
      commit: null,
      branch: null,
      replaces: null,
    },
  }),
};

const TOLD = ['--commit', 'abc123', '--branch', 'main'];

describe('mqbench baseline', () => {
  it('saves a first one, promotes what is as good, and keeps what is better than what would replace it', async () => {
    await using project = await Project.with(RUNS);
    const baseline = async (...args: readonly string[]) => project.mqbench('baseline', ...args);
    assert.equal(
      (await baseline('save', 'results/1', '--as', 'main', '--why', 'the first', ...TOLD)).exitCode,
      0,
    );
    const again = await baseline('save', 'results/2', '--as', 'main');
    assert.equal(again.exitCode, 2);
    assert.match(again.stderr, /^error: main is a baseline already\n {2}mqbench baseline promote /);
    const promoted = await baseline('promote', 'results/2', '--as', 'main', ...TOLD);
    assert.equal(promoted.exitCode, 0, promoted.stderr);
    assert.match(promoted.stdout, /^main is 2 now$/m);
    const worse = await baseline('promote', 'results/3', '--as', 'main', ...TOLD);
    assert.equal(worse.exitCode, 1);
    assert.match(worse.stderr, /^main stays 2: what would take its place is worse$/m);
    const shown = JSON.parse((await baseline('show', 'main', '--json')).stdout) as Result;
    assert.deepEqual([shown.id, shown.baseline?.replaces, shown.baseline?.commit], ['2', '1', 'abc123']);
    const history = await readFile(join(project.path, 'baselines/history/checkout.kafka.csv'), 'utf8');
    assert.deepEqual(
      history.split('\n').map((line) => line.slice(0, 10)),
      ['time,commi', '2026-01-01', '2026-01-02', '2026-01-03', ''],
      'what was refused is part of the trend',
    );
    const compared = await project.mqbench('compare', 'baselines/main', 'results/3');
    assert.equal(compared.exitCode, 1);
    assert.match(compared.stdout, /^Failed: of 1 gated row, 1 regressed$/m);
  });

  it('of too few trials is kept, and told', async () => {
    await using project = await Project.with({ ...RUNS, ...MORE_RUNS });
    const { exitCode, stderr } = await project.mqbench('baseline', 'save', 'results/7', '--as', 'main');
    assert.equal(exitCode, 0);
    assert.match(
      stderr,
      /^checkout on kafka: with 2 of 4 trials no change can be shown; run it with --repeats$/m,
    );
  });

  it('that creeps is held by an anchor', async () => {
    await using project = await Project.with({
      ...RUNS,
      'results/6/result.json': campaign('6', 1.25),
      'policy.yaml': 'gates: [{ metric: endToEnd.p99, tolerance: 20% }]\nseparate: 1\n',
    });
    const baseline = async (...args: readonly string[]) => project.mqbench('baseline', ...args);
    await baseline('save', 'results/1', '--as', 'v1');
    await baseline('save', 'results/4', '--as', 'main');
    const args = ['promote', 'results/6', '--as', 'main', '--policy', 'policy.yaml', '--anchor', 'v1'];
    const { exitCode, stderr, stdout } = await baseline(...args);
    assert.equal(exitCode, 1, stdout + stderr);
    assert.match(stdout, /^against v1:$/m);
    assert.match(
      stderr,
      /^main stays 4: what would take its place is not worse, but it is not sure to be as good as v1$/m,
    );
  });

  for (const [what, args, exitCode, said] of [
    [
      'of a campaign that was cut off',
      ['save', 'results/5', '--as', 'main'],
      1,
      /results\/5 can be no baseline\n {2}it was cut off/,
    ],
    [
      'in the place of nothing',
      ['promote', 'results/1', '--as', 'main'],
      2,
      /there is no baseline main in baselines\n {2}there are: old$/m,
    ],
    ['with a name that is a path', ['save', 'results/1', '--as', '../x'], 2, /It must be letters, digits/],
    ['that would be the history', ['save', 'results/1', '--as', 'history'], 2, /and not "history"/],
    [
      'in the place of one with more trials',
      ['promote', 'results/7', '--as', 'old'],
      1,
      /results\/7 can be no baseline\n {2}checkout on kafka: 2 trials, and 5 of the baseline/,
    ],
    [
      'whose checks do not hold',
      ['save', 'results/8', '--as', 'main'],
      1,
      /results\/8 can be no baseline\n {2}checkout on kafka #1: p50 does not hold/,
    ],
    ['without a name', ['save', 'results/1'], 2, /required option '--as <name>' not specified/],
  ] as const) {
    it(`refuses one ${what}: exit code ${exitCode}`, async () => {
      await using project = await Project.with({ ...RUNS, ...MORE_RUNS });
      const outcome = await project.mqbench('baseline', ...args);
      assert.equal(outcome.exitCode, exitCode);
      assert.match(outcome.stderr, said);
    });
  }

  it('is one of several in a folder, and compare asks which', async () => {
    await using project = await Project.with(RUNS);
    for (const name of ['main', 'v1']) await project.mqbench('baseline', 'save', 'results/1', '--as', name);
    const { exitCode, stderr } = await project.mqbench('compare', 'baselines', 'results/2');
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: baselines has several campaigns of checkout on kafka: main, v1$/m);
    const { stdout } = await project.mqbench('baseline', 'list');
    assert.match(stdout, /│ main │ 1 .*\n│ v1 {3}│ 1 /);
  });
});
