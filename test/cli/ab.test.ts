import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Project } from './fixtures/project.ts';
import { SHORT } from './fixtures/scenarios.ts';

describe('mqbench ab', () => {
  it('measures a side against itself in turns, and keeps what that came to', async () => {
    await using project = await Project.with({ 'scenarios/orders.yaml': SHORT });
    const { exitCode, stdout, stderr } = await project.mqbench(
      'ab',
      'orders',
      '--aa',
      '--target',
      'memory',
      '-r',
      '4',
      '--json',
    );
    const comparison = JSON.parse(stdout) as {
      interleaved: boolean;
      rows: { target: string; verdict: string }[];
    };
    // a load as short as this shows nothing, and may be limited by a busy machine
    assert.ok([0, 1, 4].includes(exitCode ?? -1), stderr);
    assert.equal(comparison.interleaved, true);
    assert.ok(comparison.rows.every(({ target, verdict }) => target === 'memory' && verdict !== 'regressed'));
    const [campaign = ''] = await readdir(join(project.path, 'results'));
    const kept = async (name: string): Promise<string> =>
      readFile(join(project.path, 'results', campaign, name), 'utf8');
    assert.match(await kept('comparison.md'), /^<!-- mqbench:compare orders on memory -->/);
    const { trials } = JSON.parse(await kept('result.json')) as { trials: { side: string }[] };
    assert.deepEqual(
      trials.map(({ side }) => side),
      ['a', 'b', 'b', 'a', 'a', 'b', 'b', 'a'],
    );
  });

  for (const [what, args, said] of [
    [
      'two sides that are one',
      ['--aa', '--b', 'target=memory', '--target', 'memory'],
      /--aa measures one side against itself/,
    ],
    [
      'a key that there is not',
      ['--a', 'colour=red'],
      /It must be one of target=…, contract=…, scenario=…, checkout=…\./,
    ],
    ['a contract that there is not', ['--b', 'contract=fast'], /A contract is one of fire-and-forget, /],
    [
      'sides that nobody made differ',
      ['--target', 'memory'],
      /^error: both sides are the same\n {2}say what one of them has with --b /,
    ],
    [
      'one key twice',
      ['--a', 'target=memory', '--a', 'target=sqs'],
      /A side has one target, and this is a second\./,
    ],
    [
      'a scenario that one side lacks',
      ['--a', 'checkout=elsewhere', '--target', 'memory'],
      /^error: side a: unknown scenario "orders"/,
    ],
    [
      'too few trials',
      ['--aa', '--target', 'memory', '-r', '3'],
      /^error: 3 trials of each side cannot show anything of 1 gated row\n {2}--repeats 4, /m,
    ],
    ['two targets for one side', ['--target', 'memory,sqs'], /a side is of one target/],
  ] as const) {
    it(`refuses ${what}: exit code 2`, async () => {
      await using project = await Project.with({ 'scenarios/orders.yaml': SHORT, 'elsewhere/README.md': '' });
      const { exitCode, stderr } = await project.mqbench('ab', 'orders', ...args);
      assert.equal(exitCode, 2);
      assert.match(stderr, said);
    });
  }

  it('says before it measures that it could not write what is asked for: exit code 3', async () => {
    await using project = await Project.with({ 'scenarios/orders.yaml': SHORT });
    const args = ['--aa', '--target', 'memory', '--junit', 'nowhere/mqbench.xml'];
    const { exitCode, stderr } = await project.mqbench('ab', 'orders', ...args);
    assert.equal(exitCode, 3);
    assert.match(stderr, /^error: cannot write nowhere\/mqbench\.xml: ENOENT/m);
    assert.doesNotMatch(stderr, /starting/);
  });
});
