import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Project } from './fixtures/project.ts';

const EVEN = `workload: stream
contract: leader-acked
messages: { size: 100B, keys: { count: 10 } }
load: { phases: [{ name: steady, rate: 60/s, for: 1s }] }
drain: { timeout: 5s, quiet: 0s }
`;

function capacityOf(project: Project, objective: string, ...limits: readonly string[]) {
  return project.mqbench('capacity', 'even.yaml', '--target', 'memory', '--slo', objective, ...limits);
}

describe('mqbench capacity', () => {
  it('tells the highest rate that was tried where that fits, with the curve', async () => {
    await using project = await Project.with({ 'even.yaml': EVEN });
    const { exitCode, stdout } = await capacityOf(project, 'endToEnd.p50 <= 1s', '--to', '80/s');
    assert.equal(exitCode, 0);
    assert.match(stdout, /even +│ memory +│ at least 80\.0 │ 80\.0 │ not found │ none found/);
    assert.match(stdout, /a rate fits when the load is carried and endToEnd\.p50 <= 1s/);
    const { result } = await project.campaign();
    const [capacity] = result.capacities;
    assert.deepEqual([capacity?.perSecond, capacity?.tooMuchPerSecond], [80, null]);
    assert.equal(capacity?.curve.length, result.trials.length);
  });

  it('is missed where the least that may be tried is too much: exit code 1', async () => {
    await using project = await Project.with({ 'even.yaml': EVEN });
    const limits = ['--from', '50/s', '--to', '80/s'];
    const { exitCode, stdout } = await capacityOf(project, 'endToEnd.p50 <= 1us', ...limits);
    assert.equal(exitCode, 1);
    assert.match(stdout, /memory +│ +0\.00 │ 0\.00 │ +50\.0 │ broker/);
  });

  for (const [what, files, args, message] of [
    [
      'rates at which a percentile cannot be told',
      { 'even.yaml': EVEN },
      ['even.yaml', '--slo', 'endToEnd.p99 <= 1s', '--to', '80/s'],
      /even measures too few messages below 1200\/s to tell endToEnd\.p99 <= 1s\n +make its measured phases longer/,
    ],
    [
      'a load that has no single rate',
      { 'ramp.yaml': EVEN.replace('60/s', '{ from: 1/s, to: 60/s }') },
      ['ramp.yaml', '--slo', 'endToEnd.p50 <= 1s'],
      /ramp has no single rate/,
    ],
    [
      'a scenario with variants',
      { 'sizes.yaml': `${EVEN}variants: { a: {}, b: {} }\n` },
      ['sizes.yaml', '--slo', 'endToEnd.p50 <= 1s'],
      /sizes\.yaml has variants, and a capacity is that of one of them\n +name one: sizes-a, sizes-b/,
    ],
    [
      'an objective that is none',
      { 'even.yaml': EVEN },
      ['even.yaml', '--slo', 'fast'],
      /--slo <check>' argument 'fast' is invalid\. "fast" is not a check/,
    ],
    ['no objective', { 'even.yaml': EVEN }, ['even.yaml'], /required option '--slo <check>' not specified/],
  ] as const) {
    it(`given ${what}: says so, exit code 2`, async () => {
      await using project = await Project.with(files);
      const { exitCode, stderr } = await project.mqbench('capacity', ...args);
      assert.equal(exitCode, 2, stderr);
      assert.match(stderr, message);
    });
  }
});
