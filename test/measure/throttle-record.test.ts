import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ThrottleRecord } from '../../src/measure/index.ts';

const SECOND = 1e9;

/** Counts from second 10 to 20, and from 30 on. */
function counting(): ThrottleRecord {
  const record = new ThrottleRecord();
  record.count([
    { fromNs: 10 * SECOND, toNs: 20 * SECOND },
    { fromNs: 30 * SECOND, toNs: Infinity },
  ]);
  return record;
}

type Note = readonly [second: number, producer: number, reason: string | undefined];

describe('a record of throttling', () => {
  const cases: readonly {
    readonly given: string;
    readonly notes: readonly Note[];
    readonly untilSecond: number;
    readonly expected: { readonly seconds: number; readonly reason: string } | undefined;
  }[] = [
    { given: 'nothing', notes: [], untilSecond: 40, expected: undefined },
    {
      given: 'one producer held for a while',
      notes: [
        [12, 0, 'low on memory'],
        [15, 0, undefined],
      ],
      untilSecond: 40,
      expected: { seconds: 3, reason: 'low on memory' },
    },
    {
      given: 'two that overlap: the time counts once',
      notes: [
        [12, 0, 'low on memory'],
        [13, 1, 'low on memory'],
        [15, 0, undefined],
        [16, 1, undefined],
      ],
      untilSecond: 40,
      expected: { seconds: 4, reason: 'low on memory' },
    },
    {
      given: 'one held from before to after: only what counts',
      notes: [
        [5, 0, 'low on memory'],
        [35, 0, undefined],
      ],
      untilSecond: 40,
      expected: { seconds: 15, reason: 'low on memory' },
    },
    {
      given: 'one held outside of what counts',
      notes: [
        [21, 0, 'low on memory'],
        [29, 0, undefined],
      ],
      untilSecond: 40,
      expected: undefined,
    },
    {
      given: 'one that is still held: up to now',
      notes: [[31, 0, 'low on disk']],
      untilSecond: 37,
      expected: { seconds: 6, reason: 'low on disk' },
    },
    {
      given: 'a reason that changes: both are told, and no time is lost',
      notes: [
        [12, 0, 'low on memory'],
        [13, 0, 'low on memory & disk'],
        [14, 0, undefined],
      ],
      untilSecond: 40,
      expected: { seconds: 2, reason: 'low on memory, low on memory & disk' },
    },
    {
      given: 'a release without a hold',
      notes: [[12, 0, undefined]],
      untilSecond: 40,
      expected: undefined,
    },
  ];
  for (const { given, notes, untilSecond, expected } of cases) {
    it(`given ${given}`, () => {
      const record = counting();
      for (const [second, producer, reason] of notes) record.note(producer, reason, second * SECOND);
      assert.deepEqual(record.account(untilSecond * SECOND), expected);
    });
  }

  it('given a producer held before it is known what counts: counts from then on', () => {
    const record = new ThrottleRecord();
    record.note(0, 'low on disk', SECOND);
    record.count([{ fromNs: 3 * SECOND, toNs: Infinity }]);
    assert.equal(record.account(5 * SECOND)?.seconds, 2);
  });

  it('given its end: counts no more', () => {
    const record = counting();
    record.note(0, 'low on memory', 12 * SECOND);
    record.end(14 * SECOND);
    record.note(1, 'low on disk', 15 * SECOND);
    assert.deepEqual(record.account(40 * SECOND), { seconds: 2, reason: 'low on memory' });
  });
});
