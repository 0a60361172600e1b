import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORTEST } from '../../cli/fixtures/scenarios.ts';
import { Project } from '../../cli/fixtures/project.ts';
import { runningKafka } from './running-kafka.ts';

test('given Kafka, when a run is under leader-acked and fsynced-acked, then one table has what each flushes, read back from its topic', async (t) => {
  const broker = await runningKafka(t);
  if (broker === undefined) return;
  await using project = await Project.with({
    'orders.yaml': SHORTEST,
    'mqbench.yaml': `targets: { mine: { driver: kafka, brokers: ['${broker}'] } }\n`,
  });

  const contracts = ['--contract', 'leader-acked,fsynced-acked'];
  const { exitCode, stdout, stderr } = await project.mqbench('run', 'orders.yaml', ...contracts);

  assert.equal(exitCode, 0, stdout + stderr);
  const price = stdout.slice(stdout.indexOf('what the contracts cost'));
  assert.match(price, /│ mine +│ leader-acked +│ flush\.messages=9223372036854775807, acks=1 \(c\) +│/);
  assert.match(price, /│ mine +│ fsynced-acked +│ flush\.messages=1, acks=all \(c\) +│/);
  const { result } = await project.campaign();
  assert.deepEqual(
    result.trials.map(({ contract: { effective, relation, settings, notReadBack } }) => [
      effective,
      relation,
      settings['flush.messages'],
      notReadBack.includes('flush.messages'),
    ]),
    [
      ['leader-acked', 'exact', '9223372036854775807', false],
      ['fsynced-acked', 'exact', '1', false],
    ],
  );
});
