import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Pending } from '../../../src/drivers/batcher.ts';
import { WaitingByGroup, WaitingInLine } from '../../../src/drivers/aws/waiting.ts';

/** `a1`: the first message of the group a */
function pending(id: string): Pending {
  return { message: { key: id[0], id, payload: Buffer.alloc(0) }, resolve: () => {}, reject: () => {} };
}

function ids(batch: readonly Pending[]): string {
  return batch.map(({ message }) => message.id).join(' ');
}

/** Room for so many in a request. */
function room(count: number): () => boolean {
  let left = count;
  return () => left-- > 0;
}

function byGroup(...waiting: readonly string[]): WaitingByGroup {
  const line = new WaitingByGroup(({ message }) => message.key ?? '');
  line.add(waiting.map(pending));
  return line;
}

describe('messages that wait for a FIFO queue', () => {
  it('leave with those of other groups, each group in its order', () => {
    assert.equal(ids(byGroup('a1', 'b1', 'a2', 'c1').take(room(10))), 'a1 a2 b1 c1');
  });

  it('wait while a request with an earlier one of their group is under way', () => {
    const line = byGroup('a1', 'b1');
    const first = line.take(room(1));
    line.add(['a2', 'c1'].map(pending));
    const second = line.take(room(10));
    assert.deepEqual([ids(first), ids(second)], ['a1', 'b1 c1']);
    assert.equal(ids(line.take(room(10))), '', 'a2 waits for a1');
    line.answered(first);
    assert.equal(ids(line.take(room(10))), 'a2');
  });

  it('that do not all fit leave their group behind until the request is answered', () => {
    const line = byGroup('a1', 'a2', 'a3', 'b1');
    const first = line.take(room(2));
    assert.equal(ids(first), 'a1 a2');
    assert.equal(ids(line.take(room(10))), 'b1');
    line.answered(first);
    assert.equal(ids(line.take(room(10))), 'a3');
  });

  it('take nothing from a line that has no room, and lose nothing by it', () => {
    const line = byGroup('a1', 'b1');
    assert.equal(ids(line.take(room(0))), '');
    assert.equal(ids(line.take(room(10))), 'a1 b1');
  });

  it('keep the order of each group whatever the requests do', () => {
    const groups = ['a', 'b', 'c'];
    const all = Array.from({ length: 300 }, (_, n) => `${groups[(n * n) % 3]}${n}`);
    const line = byGroup(...all);
    const underWay: (readonly Pending[])[] = [];
    const left: string[] = [];
    for (let step = 0; left.length < all.length || underWay.length > 0; step++) {
      const batch = line.take(room(1 + (step % 4)));
      if (batch.length > 0) {
        const busy = new Set(underWay.flat().map(({ message }) => message.key));
        assert.ok(batch.every(({ message }) => !busy.has(message.key)));
        underWay.push(batch);
        left.push(...batch.map(({ message }) => message.id ?? ''));
      }
      // the younger request is answered first
      if (batch.length === 0 || step % 3 === 0) line.answered(underWay.pop() ?? []);
    }
    for (const group of groups) {
      const of = (ids: readonly string[]): readonly string[] => ids.filter((id) => id.startsWith(group));
      assert.deepEqual(of(left), of(all));
    }
  });
});

describe('messages that wait for a standard queue', () => {
  it('leave as they came, beside those under way', () => {
    const line = new WaitingInLine();
    line.add(['a1', 'b1', 'a2'].map(pending));
    assert.deepEqual([ids(line.take(room(2))), ids(line.take(room(2)))], ['a1 b1', 'a2']);
  });
});
