import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  BaselineStore,
  baselineTable,
  flawsOf,
  measuredTable,
  promotionOf,
} from '../../src/baseline/index.ts';
import { compare, DEFAULT_POLICY } from '../../src/compare/index.ts';
import type { Baseline, Result, TrialResult } from '../../src/result/index.ts';
import { UserError } from '../../src/user-error.ts';
import { latencyOf, measuredUpTo, resultOf, trialOf } from '../result/fixtures/sample.ts';
import { folderOf } from '../scenario/fixtures/folder.ts';

const ABOUT: Baseline = {
  name: 'main',
  savedAt: '2026-01-02T03:04:05.000Z',
  by: 'Ada',
  why: 'first of the year',
  commit: '21c4598fafab774518f5',
  branch: 'main',
  replaces: null,
};

function campaign(id: string, slowestUs: readonly number[], changes: Partial<TrialResult> = {}): Result {
  const trials = slowestUs.map((us, index) =>
    trialOf({ repeat: index + 1, measured: measuredUpTo(us), ...changes }),
  );
  return resultOf(trials, { id, startedAt: `2026-01-${id.padStart(2, '0')}T00:00:00.000Z` });
}

const STEADY = [4000, 4040, 3960, 4020, 3980];

describe('a store of baselines', () => {
  it('keeps a campaign without its seconds, as one that every command can read, and who keeps it', async () => {
    await using folder = await folderOf({});
    const store = new BaselineStore(join(folder.path, 'baselines'));
    const measured = campaign('1', STEADY);
    await store.add(measured, ABOUT);
    const { baseline, trials, id } = await store.read('main');
    assert.deepEqual([baseline, id, trials.length], [ABOUT, '1', 5]);
    assert.ok(measured.trials.every(({ intervals }) => intervals.length > 0));
    assert.ok(trials.every(({ intervals }) => intervals.length === 0));
    const same = compare([measured], [await store.read('main')], DEFAULT_POLICY, 'in turns');
    assert.equal(same.rows.find(({ tolerance }) => tolerance !== null)?.verdict, 'equivalent');
  });

  it('lists what it has by name, and says what there is where one is asked for that is not', async () => {
    await using folder = await folderOf({});
    const store = new BaselineStore(folder.path);
    assert.deepEqual((await new BaselineStore(join(folder.path, 'nothing')).list()).baselines, []);
    await assert.rejects(store.read('main'), /^UserError: there is no baseline main in /);
    for (const name of ['v1', 'main']) await store.add(campaign('1', STEADY), { ...ABOUT, name });
    const names = (await store.list()).baselines.map(({ baseline }) => baseline.name);
    assert.deepEqual(names, ['main', 'v1']);
    await assert.rejects(
      store.read('mian'),
      (error) => error instanceof UserError && error.exitCode === 2 && error.hint === 'there are: main, v1',
    );
  });

  it('takes no campaign for a baseline, and loses nothing where it cannot write', async () => {
    await using folder = await folderOf({ main: 'a file' });
    const store = new BaselineStore(folder.path);
    const elsewhere = new BaselineStore(join(folder.path, 'main'));
    await assert.rejects(elsewhere.add(campaign('1', STEADY), ABOUT), { exitCode: 3 });
    // whoever comes second
    const both = await Promise.allSettled(
      ['1', '2'].map(async (id) => store.add(campaign(id, STEADY), { ...ABOUT, name: 'v1' })),
    );
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    await mkdir(join(folder.path, 'plain'));
    await writeFile(join(folder.path, 'plain/result.json'), JSON.stringify(campaign('1', STEADY)));
    await assert.rejects(store.read('plain'), /a campaign, and no baseline$/);
    const { baselines, unreadable } = await store.list();
    assert.deepEqual([baselines.length, unreadable.length], [1, 1], 'one that cannot be read hides no other');
  });

  it('shows who keeps what, and what was measured', async () => {
    const kept = { ...campaign('1', STEADY), baseline: ABOUT };
    assert.match(
      baselineTable([kept]),
      /│ main │ 1 +│ 2026-01-02 03:04 │ Ada │ 21c4598fafab │ main +│ first of the year │/,
    );
    assert.match(measuredTable(kept), /│ checkout │ kafka +│ 5 +│ [\d.]+ ms \([\d.]+ ms to [\d.]+ ms\) │/);
  });
});

describe('its history', () => {
  const COMMIT = { commit: 'abc', branch: 'a,b' };

  it('is a file a series as Otava reads it, with a line a campaign, once', async () => {
    await using folder = await folderOf({});
    const store = new BaselineStore(folder.path);
    const text = async (name: string): Promise<string> =>
      readFile(join(folder.path, 'history', name), 'utf8');
    for (const id of ['1', '2', '2'])
      assert.deepEqual(await store.addToHistory(campaign(id, STEADY), COMMIT), []);
    const lines = (await text('checkout.kafka.csv')).split('\n');
    assert.equal(lines[0], 'time,commit,branch,endToEnd.p50,endToEnd.p99,acknowledge.p99,delivered.rate');
    assert.match(lines[1] ?? '', /^2026-01-01T00:00:00\.000Z,abc,"a,b",\d+,\d+,\d+,[\d.]+$/);
    assert.match(lines[2] ?? '', /^2026-01-02T/);
    assert.deepEqual(lines.slice(3), ['']);
    assert.equal(
      (await text('otava.yaml')).replace(folder.path, '.'),
      `# written by mqbench baseline, for Apache Otava
tests:
  "checkout.kafka":
    type: csv
    file: "./history/checkout.kafka.csv"
    time_column: time
    attributes: [commit, branch]
    metrics:
      endToEnd.p50: { direction: -1 }
      endToEnd.p99: { direction: -1 }
      acknowledge.p99: { direction: -1 }
      delivered.rate: { direction: 1 }
`,
    );
  });

  it('that somebody wrote into is left alone, and told', async () => {
    await using folder = await folderOf({ 'history/checkout.kafka.csv': 'garbage\n' });
    const missing = await new BaselineStore(folder.path).addToHistory(campaign('1', STEADY), COMMIT);
    assert.match(
      missing[0] ?? '',
      /checkout\.kafka\.csv does not begin with time,commit,branch,.*: move it away$/,
    );
    assert.equal(await readFile(join(folder.path, 'history/checkout.kafka.csv'), 'utf8'), 'garbage\n');
  });

  it('has no gaps: Otava finds nothing in a series with one', async () => {
    await using folder = await folderOf({});
    const { measured } = trialOf();
    const none = { ...measured, latency: { ...measured.latency, endToEnd: latencyOf([]) } };
    const missing = await new BaselineStore(folder.path).addToHistory(
      campaign('1', STEADY, { measured: none }),
      COMMIT,
    );
    assert.deepEqual(missing, ['checkout on kafka: not all of its trials have endToEnd.p50, endToEnd.p99']);
  });
});

describe('who can be a baseline', () => {
  it('is what was measured soundly, and to its end', () => {
    assert.deepEqual(flawsOf(campaign('1', STEADY)), []);
    for (const [changes, flaw] of [
      [{ interrupted: true }, 'it was cut off'],
      [{ endedAt: null }, 'it was cut off'],
      [{ trials: [] }, 'it has no trial'],
      [{ trials: [trialOf({ side: 'b' })] }, 'it is of mqbench ab, which has its baseline in it'],
      [{ trials: [trialOf({ verdict: 'overloaded' })] }, 'checkout on kafka #1: overloaded'],
      [
        { refusals: [{ scenario: 'checkout', target: 'sqs', reason: 'no order' }] },
        'checkout on sqs: no order',
      ],
      [
        {
          failures: [
            { scenario: 'checkout', target: 'nats', repeat: 2, position: 3, side: null, error: 'gone' },
          ],
        },
        'checkout on nats #2: gone',
      ],
    ] as const) {
      assert.deepEqual(flawsOf({ ...campaign('1', STEADY), ...(changes as Partial<Result>) }), [flaw]);
    }
  });

  for (const [what, factor, policy, outcome] of [
    ['as good', 1, {}, 'promoted'],
    ['better', 0.6, {}, 'promoted'],
    ['worse', 1.5, {}, 'failed'],
    ['inconclusive, whatever the policy makes of that', 1.2, { inconclusive: 'pass' }, 'undecided'],
    ['not comparable', 1, { gates: [] }, 'undecided'],
  ] as const) {
    it(`and, where there is one, what is ${what}: ${outcome}`, () => {
      const current = campaign(
        '2',
        STEADY.map((us) => us * factor),
      );
      const comparison = compare([campaign('1', STEADY)], [current], { ...DEFAULT_POLICY, ...policy });
      assert.equal(promotionOf(comparison), outcome);
    });
  }
});
