import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBroker } from '../../src/brokers/index.ts';
import { libraryDirectory } from '../../src/brokers/home.ts';
import { TemporaryHome } from '../brokers/fixtures/temporary-home.ts';
import { Run } from './fixtures/run.ts';
import { isTested } from './fixtures/running.ts';

test('given ElasticMQ that stores its messages, when it is killed in the middle of a run, then it still has every one', async (t) => {
  if (!(await isTested(t, 'elasticmq'))) return;
  process.env['MQBENCH_LIB'] = libraryDirectory();
  await using home = await TemporaryHome.create();
  process.env['MQBENCH_ELASTICMQ_STORE'] = 'disk';
  try {
    const { signal } = new AbortController();
    await startBroker('elasticmq', {
      nodes: 1,
      portOffset: home.portOffset,
      signal,
      onProgress: () => undefined,
    });
  } finally {
    // whoever starts it again after the kill does not know of it
    delete process.env['MQBENCH_ELASTICMQ_STORE'];
  }
  await using run = await Run.start({
    target: 'sqs-fifo-elasticmq',
    contract: 'leader-acked',
    ratePerSecond: 50,
    seconds: 10,
    faults: '[{ at: 4s, do: kill, for: 1s }]',
  });
  const { trial } = await run.ended();

  const { ledger } = trial;
  t.diagnostic(JSON.stringify({ ...ledger, subscriptions: undefined, examples: undefined }));
  assert.ok(ledger.failed + ledger.unknown > 0, 'an outage has outcomes that are not acknowledgements');
  assert.ok(ledger.acknowledged > 100);
  assert.deepEqual([ledger.lost, ledger.phantom, ledger.corrupt], [0, 0, 0]);
});
