import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startingWith } from '../../../src/drivers/redis/names.ts';
import { fnv1a } from '../../../src/drivers/redis/partitioner.ts';
import { toEntries, toFields } from '../../../src/drivers/redis/entry.ts';
import { backlogOf } from '../../../src/drivers/redis/topology.ts';

const group = (name: string, pending: number, lag: number | null): unknown[] =>
  Object.entries({ name, consumers: 1, pending, 'entries-read': 0, lag }).flat();

describe('backlog from XINFO GROUPS', () => {
  const cases = [
    ['lag and pending of all partitions', [[group('a', 2, 3)], [group('b', 9, 9), group('a', 1, 0)]], 6],
    ['a lag that is NULL', [[group('a', 2, 3)], [group('a', 1, null)]], undefined],
    ['a server before 7, which has no lag', [[['name', 'a', 'consumers', 0, 'pending', 1]]], undefined],
    ['a group that is gone', [[]], undefined],
  ] as const;
  for (const [title, replies, backlog] of cases) {
    test(`${title}: ${backlog}`, () => assert.equal(backlogOf(replies, 'a'), backlog));
  }
});

test('given a message with headers, when it is an entry and back, then every byte is the same', () => {
  const payload = Buffer.from([0, 0xc3, 0xff]);
  const headers = { payload: 'a header may be called so', origin: 'käsé' };
  const fields = toFields(payload, headers).map((each) => Buffer.from(each));
  assert.deepEqual(toEntries([[Buffer.from('1-0'), fields], null]), [{ id: '1-0', payload, headers }]);
});

test('given a prefix with signs of a pattern, then they stand for themselves', () => {
  assert.equal(startingWith('mqbench.a*[b]?'), String.raw`mqbench.a\*\[b\]\?*`);
});

test('FNV-1a has the values that its authors publish', () => {
  const values = [fnv1a(''), fnv1a('a'), fnv1a('foobar')];
  assert.deepEqual(values, [0x81_1c_9d_c5, 0xe4_0c_29_2c, 0xbf_9c_f9_68]);
});

test('FNV-1a is of the bytes of a key, also where they are not its characters', () => {
  for (const text of ['käse', 'ab🧀c', '\u{80}']) {
    let hash = 0x81_1c_9d_c5;
    for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01_00_01_93);
    assert.equal(fnv1a(text), hash >>> 0, text);
  }
});
