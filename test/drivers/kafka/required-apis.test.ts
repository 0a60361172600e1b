import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireApis } from '../../../src/drivers/kafka/required-apis.ts';

const client = {
  info: { name: 'a client', version: '1', transport: 'Kafka protocol' },
  requires: [{ name: 'Fetch', key: 1, version: 13, since: '3.1' }],
};

for (const [title, found, message] of [
  ['an older version', [[1, 12]], /it has Fetch up to version 12, 13 is needed$/],
  ['no such request', [[0, 11]], /it has no Fetch that it tells of, 13 is needed$/],
] as const) {
  test(`given a broker with ${title}, then it is too old`, () => {
    assert.throws(() => requireApis(client, new Map(found), ['b:1']), { code: 'kafka.too-old', message });
  });
}

test('given a broker with that version or a newer one, then it is fine', () => {
  for (const version of [13, 18]) requireApis(client, new Map([[1, version]]), ['b:1']);
});
