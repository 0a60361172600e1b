import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { resultSchema } from '../../src/result/index.ts';
import { Project } from './fixtures/project.ts';
import { SHORT, SHORTEST, short } from './fixtures/scenarios.ts';

// eslint-disable-next-line no-control-regex
const ESCAPE_CODE = /\x1b/;

describe('mqbench run', () => {
  it('prints the table on stdout, the progress on stderr, and keeps all of it', async () => {
    await using project = await Project.with({ 'orders.yaml': SHORT });

    const { exitCode, stdout, stderr } = await project.mqbench('run', 'orders.yaml');

    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^orders: 900 messages\/s for 1 s; latencies are end to end/);
    assert.match(stdout, /^\* embedded or emulated: left out of rankings/m);
    assert.doesNotMatch(stdout, /\[1\/1\]/);
    assert.deepEqual(stderr.split('\n').slice(0, 3), [
      '[1/1] orders on memory: starting',
      '[1/1] orders on memory: steady · 4 s left',
      '[1/1] orders on memory: draining',
    ]);
    assert.doesNotMatch(stderr, /│/);
    assert.doesNotMatch(stdout + stderr, ESCAPE_CODE);

    const { result, files } = await project.campaign();
    // a little under 900 where the last came in after the second
    const rate = result.trials[0]?.measured.deliveredRate?.toFixed(1) ?? '';
    assert.match(stdout, new RegExp(`│ memory \\* │ sustained +│ leader-acked +│ +${rate} │`));
    assert.deepEqual(files, ['001-orders-memory-1.hlog', 'report.md', 'result.json']);
    assert.match(stderr, new RegExp(`results/${result.id}: result.json, report.md and a .hlog a trial\n$`));
    assert.deepEqual(
      result.trials.map(({ target, verdict, ledger }) => [target, verdict, ledger.delivered]),
      [['memory', 'sustained', 900]],
    );
    const folder = join(project.path, 'results', result.id);
    assert.match(await readFile(join(folder, 'report.md'), 'utf8'), /^\| memory \* \| sustained/m);
    assert.match(await readFile(join(folder, '001-orders-memory-1.hlog'), 'utf8'), /^Tag=endToEnd.steady,/m);
    await project.assertNothingLeft();
  });

  it('prints exactly one JSON document with --json, and keeps the campaign in --out', async () => {
    await using project = await Project.with({ 'orders.yaml': SHORT });

    const flags = ['--json', '--out', 'kept/here', '--repeats', '2', '--seed', '7'];
    const { exitCode, stdout } = await project.mqbench('run', 'orders.yaml', ...flags);

    assert.equal(exitCode, 0);
    const printed = resultSchema.parse(JSON.parse(stdout));
    assert.deepEqual([printed.seed, printed.trials.map((trial) => trial.repeat)], [7, [1, 2]]);
    assert.deepEqual((await project.campaign('kept/here')).result, printed);
    assert.deepEqual(await project.files(), ['kept', 'orders.yaml']);
  });

  it('takes scenario, target, repeats and folder from mqbench.yaml', async () => {
    await using project = await Project.with({
      'scenarios/mine.yaml': SHORTEST,
      'mqbench.yaml': `targets: { first: { driver: memory }, second: { driver: memory } }
defaults: { scenario: mine, targets: [second], repeats: 1, out: elsewhere }
`,
    });

    assert.equal((await project.mqbench('run')).exitCode, 0);

    const { result } = await project.campaign('elsewhere');
    assert.deepEqual(
      result.trials.map(({ scenario, target }) => [scenario, target]),
      [['mine', 'second']],
    );
  });

  it('takes the folder of mqbench.yaml from where that file lies', async () => {
    await using project = await Project.with({
      'mqbench.yaml': 'defaults: { out: kept }',
      'deep/down/orders.yaml': SHORTEST,
    });

    assert.equal((await project.start(['run', 'orders.yaml'], {}, 'deep/down').ended).exitCode, 0);

    assert.equal((await project.campaign('kept')).result.trials.length, 1);
  });

  it('exits 1 when a check fails, and says by how much', async () => {
    await using project = await Project.with({
      'fast.yaml': short('rate: 900/s', 'rate: 1200/s').replace('ledger.lost == 0', 'endToEnd.p99 <= 1us'),
    });

    const { exitCode, stdout } = await project.mqbench('run', 'fast.yaml');

    assert.equal(exitCode, 1);
    const failed = /^check failed: memory: endToEnd\.p99 <= 1us: is ([\d.]+) (us|ms), off by ([\d.]+) \2$/m;
    assert.match(stdout, failed);
  });

  it('exits 1 when a check cannot be told, and says why', async () => {
    await using project = await Project.with({
      'few.yaml': SHORTEST.replace('ledger.lost == 0', 'endToEnd.p99 <= 1s'),
    });

    const { exitCode, stdout } = await project.mqbench('run', 'few.yaml');

    assert.equal(exitCode, 1);
    assert.match(stdout, /^check failed: memory: endToEnd\.p99 <= 1s: too few samples to tell; send more/m);
  });

  it('exits 1 when the ledger does not balance, though no check asks for it', async () => {
    await using project = await Project.with({
      'orders.yaml': SHORTEST.replace('checks:\n  - ledger.lost == 0\n', ''),
      'mqbench.yaml': 'targets: { leaky: { driver: memory, faults: { loss: 0.1 } } }',
    });

    const { exitCode, stdout } = await project.mqbench('run', 'orders.yaml');

    assert.equal(exitCode, 1);
    assert.match(stdout, /^leaky: incorrect: .*lost/m);
  });

  it('goes on to its end when nobody reads what it prints', async () => {
    await using project = await Project.with({ 'orders.yaml': SHORTEST });

    await using run = project.start(['run', 'orders.yaml']);
    run.stopReading();
    const { exitCode, stderr } = await run.ended;

    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /report\.md and a \.hlog a trial\n$/);
  });

  for (const [name, value] of [
    ['NO_COLOR', '1'],
    ['CI', 'true'],
  ] as const) {
    it(`prints no escape codes with ${name}`, async () => {
      await using project = await Project.with({});
      const { stdout, stderr } = await project.start(['list', 'targets'], { [name]: value }).ended;
      assert.doesNotMatch(stdout + stderr, ESCAPE_CODE);
    });
  }
});
