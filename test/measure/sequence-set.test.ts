import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SequenceSet, type Range, type SequencePages } from '../../src/measure/sequence-set.ts';

const PAGE = 65_536;
/** enough that pages fall behind the horizon of four and are turned into lists of their holes */
const PAGES = 8;
const END = PAGES * PAGE;

interface Real {
  set: SequenceSet;
}
interface Model {
  numbers: Set<number>;
}

/** A set made of runs and of holes in them, as the other operand. */
interface Shape {
  readonly runs: readonly Range[];
  readonly holes: readonly number[];
}

const sequence = fc.oneof(
  fc.nat(END - 1),
  // the edges of words and pages
  fc
    .tuple(fc.nat(PAGES - 1), fc.constantFrom(0, 1, 31, 32, 33, PAGE - 33, PAGE - 32, PAGE - 1))
    .map(([page, offset]) => page * PAGE + offset),
);
const shape: fc.Arbitrary<Shape> = fc.record({
  runs: fc.array(
    fc.tuple(sequence, sequence).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) + 1 })),
    { maxLength: 3 },
  ),
  holes: fc.array(sequence, { maxLength: 20 }),
});

function numbersOf({ runs, holes }: Shape): Set<number> {
  const numbers = new Set<number>();
  for (const { from, to } of runs) for (let number = from; number < to; number++) numbers.add(number);
  for (const hole of holes) numbers.delete(hole);
  return numbers;
}

function setOf(numbers: Iterable<number>): SequenceSet {
  const set = new SequenceSet();
  for (const number of numbers) set.add(number);
  return set;
}

/** The numbers of one that are not in the other, as ranges. */
function difference(one: ReadonlySet<number>, other: ReadonlySet<number>, end = END): readonly Range[] {
  const ranges: Range[] = [];
  let from: number | undefined;
  for (let number = 0; number <= end; number++) {
    const inside = number < end && one.has(number) && !other.has(number);
    if (inside) from ??= number;
    else if (from !== undefined) {
      ranges.push({ from, to: number });
      from = undefined;
    }
  }
  return ranges;
}

function command(name: string, run: (model: Model, real: Real) => void): fc.Command<Model, Real> {
  return {
    check: () => true,
    run: (model, real) => {
      run(model, real);
      assert.equal(real.set.count, model.numbers.size);
    },
    toString: () => name,
  };
}

function add(number: number, model: Model, real: Real): void {
  assert.equal(real.set.add(number), !model.numbers.has(number), `add ${number}`);
  model.numbers.add(number);
}

const commands: fc.Arbitrary<fc.Command<Model, Real>>[] = [
  sequence.map((number) => command(`add ${number}`, (model, real) => add(number, model, real))),
  sequence.map((number) =>
    command(`has ${number}`, (model, real) => assert.equal(real.set.has(number), model.numbers.has(number))),
  ),
  fc
    .record({ page: fc.nat(PAGES - 1), holes: fc.array(fc.nat(PAGE - 1), { maxLength: 5 }) })
    .map(({ page, holes }) =>
      command(`fill page ${page} but for ${holes.join(', ')}`, (model, real) => {
        for (let offset = 0; offset < PAGE; offset++) {
          if (!holes.includes(offset)) add(page * PAGE + offset, model, real);
        }
      }),
    ),
  fc
    .record({ from: fc.nat(PAGES - 2), skipEvery: fc.integer({ min: 2, max: 2000 }) })
    .map(({ from, skipEvery }) =>
      command(`fill from page ${from} on but for every ${skipEvery}th`, (model, real) => {
        for (let number = from * PAGE; number < END; number++) {
          if (number % skipEvery !== 0) add(number, model, real);
        }
      }),
    ),
  fc.record({ from: sequence, count: fc.integer({ min: 1, max: 200 }) }).map(({ from, count }) =>
    command(`add ${count} from ${from} on, backwards`, (model, real) => {
      for (let number = Math.min(END, from + count) - 1; number >= from; number--) add(number, model, real);
    }),
  ),
  shape.map((shape) =>
    command(`minus and overlap ${JSON.stringify(shape)}`, (model, real) => {
      const numbers = numbersOf(shape);
      const other = setOf(numbers);
      assert.deepEqual([...real.set.minus(other)], difference(model.numbers, numbers));
      assert.deepEqual([...other.minus(real.set)], difference(numbers, model.numbers));
      const both = [...numbers].filter((number) => model.numbers.has(number)).length;
      assert.equal(real.set.overlap(other), both);
      assert.equal(other.overlap(real.set), both);
    }),
  ),
  shape.map((shape) =>
    command(`merge ${JSON.stringify(shape)}`, (model, real) => {
      const numbers = numbersOf(shape);
      assert.equal(
        real.set.merge(setOf(numbers).toPages()),
        [...numbers].filter((number) => model.numbers.has(number)).length,
      );
      model.numbers = new Set([...model.numbers, ...numbers]);
    }),
  ),
  fc.constant(
    command('cross a thread', (_, real) => {
      real.set = new SequenceSet(structuredClone(real.set.toPages()));
    }),
  ),
];

describe('SequenceSet', () => {
  it('is a set, whatever is done to it in whatever order', () => {
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 12, size: 'max' }), (commands) => {
        fc.modelRun(
          () => ({ model: { numbers: new Set<number>() }, real: { set: new SequenceSet() } }),
          commands,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('given sequences in windows of disorder with some lost: names exactly the lost', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(END - 1), { maxLength: 200 }),
        fc.constantFrom(1, 2, 7, 100, 1000),
        (lost, window) => {
          const missing = new Set(lost);
          const set = new SequenceSet();
          for (let base = 0; base < END; base += window) {
            for (let number = Math.min(END, base + window) - 1; number >= base; number--) {
              if (!missing.has(number)) assert.equal(set.add(number), true);
            }
          }
          assert.equal(set.count, END - lost.length);
          const named = [...SequenceSet.upTo(END).minus(set)].flatMap(({ from, to }) =>
            Array.from({ length: to - from }, (_, index) => from + index),
          );
          assert.deepEqual(
            named,
            lost.sort((a, b) => a - b),
          );
          // those that come late fill their holes, once
          for (const number of lost) assert.equal(set.has(number), false);
          for (const number of lost) assert.equal(set.add(number), true);
          for (const number of lost) assert.equal(set.add(number), false);
          assert.equal(set.count, END);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('upTo holds all numbers below its end, and no other', () => {
    for (const end of [0, 1, 31, 32, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE + 5]) {
      const set = SequenceSet.upTo(end);
      assert.equal(set.count, end);
      assert.deepEqual([...set.minus(new SequenceSet())], end === 0 ? [] : [{ from: 0, to: end }]);
      assert.equal(set.has(end), false);
    }
  });

  it('minus stops at the end that is asked for', () => {
    const set = SequenceSet.upTo(100);
    assert.deepEqual([...set.minus(new SequenceSet(), 50)], [{ from: 0, to: 50 }]);
    assert.deepEqual([...set.minus(setOf([10]), 11)], [{ from: 0, to: 10 }]);
    assert.deepEqual([...set.minus(new SequenceSet(), 1_000_000)], [{ from: 0, to: 100 }]);
  });

  it('holds numbers beyond 32 bits', () => {
    const far = 2 ** 33 + 3;
    const set = setOf([far]);
    assert.equal(set.has(far), true);
    assert.equal(set.has(3), false);
    assert.equal(set.add(far), false);
  });

  it('when merged: leaves the other set as it was, whatever is added to the union later', () => {
    const other = setOf([1, 2, 3]);
    const union = setOf([10]);
    const fresh = new SequenceSet();
    union.merge(other.toPages());
    fresh.merge(other.toPages());
    union.add(4);
    fresh.add(4);
    assert.equal(other.count, 3);
    assert.equal(other.has(4), false);
  });
});

describe('the memory of a SequenceSet', () => {
  it('after two million in order: one open page', () => {
    const set = SequenceSet.upTo(2_000_000);
    assert.equal(set.count, 2_000_000);
    assert.ok(bytesOf(set.toPages()) <= 8192, `${bytesOf(set.toPages())} bytes`);
  });

  it('after two million added one by one in windows of 1,000 backwards: a few pages', () => {
    const set = new SequenceSet();
    for (let base = 0; base < 2_000_000; base += 1000) {
      for (let number = base + 999; number >= base; number--) set.add(number);
    }
    assert.equal(set.count, 2_000_000);
    assert.ok(bytesOf(set.toPages()) <= 2 * 8192, `${bytesOf(set.toPages())} bytes`);
  });

  it('after two million of which 0.1 % are lost: a few pages, and two bytes a lost message', () => {
    const set = new SequenceSet();
    for (let number = 0; number < 2_000_000; number++) if (number % 1000 !== 7) set.add(number);
    assert.ok(bytesOf(set.toPages()) <= 5 * 8192 + 2 * 2000, `${bytesOf(set.toPages())} bytes`);
  });

  it('after two million of which a quarter is lost: no more than a bit each', () => {
    const set = new SequenceSet();
    for (let number = 0; number < 2_000_000; number++) if (number % 4 !== 0) set.add(number);
    assert.ok(bytesOf(set.toPages()) <= Math.ceil(2_000_000 / PAGE) * 8192);
  });

  it('when a consumer jumps far ahead and the rest follows: no more than in order', () => {
    const set = new SequenceSet();
    set.add(1_999_999);
    for (let number = 0; number < 1_999_999; number++) set.add(number);
    assert.equal(set.count, 2_000_000);
    assert.ok(bytesOf(set.toPages()) <= 2 * 8192, `${bytesOf(set.toPages())} bytes`);
  });
});

function bytesOf(pages: SequencePages): number {
  return pages.reduce((sum, page) => {
    if (page?.kind === 'bits') return sum + page.words.byteLength;
    return page?.kind === 'holes' ? sum + page.holes.byteLength : sum;
  }, 0);
}
