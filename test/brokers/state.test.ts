import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readState, writeState } from '../../src/brokers/state.ts';
import type { BrokerState } from '../../src/brokers/state.ts';
import { TemporaryHome } from './fixtures/temporary-home.ts';

const state: BrokerState = {
  broker: 'kafka',
  provider: 'native',
  phase: 'running',
  version: '4.1.0',
  portOffset: 0,
  nodes: [
    {
      phase: 'started',
      leader: { pid: 4711, startTime: '1', bootId: 'b' },
      instance: 'i',
      ports: { broker: 9092 },
    },
  ],
  connection: { brokers: ['127.0.0.1:9092'] },
  startedAt: '2026-01-01T00:00:00.000Z',
};

test('a state is read as it was written, and nothing is left beside it', async () => {
  await using home = await TemporaryHome.create();
  assert.equal(await readState('kafka'), undefined);
  await writeState('kafka', state);
  assert.deepEqual(await readState('kafka'), state);
  assert.deepEqual(await readdir(home.brokerFolder('kafka')), ['state.json']);
});

test('a reader never sees half a state', async () => {
  await using _home = await TemporaryHome.create();
  await writeState('kafka', state);
  const writes = Array.from({ length: 50 }, (_, index) =>
    writeState('kafka', { ...state, version: `${index}` }),
  );
  const reads = Array.from({ length: 50 }, () => readState('kafka'));
  assert.ok((await Promise.all(reads)).every((each) => each?.broker === 'kafka'));
  await Promise.all(writes);
});

for (const text of ['', '{"broker":', '{}', '[]', JSON.stringify({ ...state, phase: 'bored' })]) {
  test(`a state file that holds ${text.slice(0, 20) || 'nothing'} counts as none`, async () => {
    await using home = await TemporaryHome.create();
    await writeState('kafka', state);
    await writeFile(join(home.brokerFolder('kafka'), 'state.json'), text);
    assert.equal(await readState('kafka'), undefined);
  });
}
