import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { Project } from './fixtures/project.ts';

const CAMPAIGN = fileURLToPath(new URL('../../results/reference/steady-state', import.meta.url));
const DECISION = `title: Broker of the shop
question: Which one?
options:
  kafka: { title: Apache Kafka, target: kafka }
  rabbitmq: { title: RabbitMQ, target: rabbitmq }
criteria:
  p99:
    title: Latency
    weight: 100%
    unit: ms
    scale: { log: { worst: 100, best: 1 } }
    measured: { scenario: steady-state, metric: endToEnd.p99, phase: steady, accept: [exceeding-contract] }
`;

test('given a campaign and a decision, then report.md has the tables of both', async () => {
  await using project = await Project.with({ 'decision.yaml': DECISION });
  const { exitCode, stdout } = await project.mqbench('report', CAMPAIGN, '--decision', 'decision.yaml');

  assert.equal(exitCode, 0);
  assert.match(stdout, /^# .*steady-state$/m);
  assert.match(stdout, /^## Broker of the shop$/m);
  assert.match(stdout, /^### What it is worth$/m);
  assert.match(stdout, /^\| \*\*total\*\* .*\| \*\*0\.\d{3}\*\*/m);
});

test('given a decision that asks for what the campaign has not measured, then it says what is to be run', async () => {
  const file = DECISION.replace('scenario: steady-state', 'scenario: flash-sale').replace(
    'phase: steady',
    'phase: sale',
  );
  await using project = await Project.with({ 'decision.yaml': file });
  const { exitCode, stderr } = await project.mqbench('report', CAMPAIGN, '--decision', 'decision.yaml');

  assert.equal(exitCode, 2);
  assert.match(
    stderr,
    /^error: decision\.yaml:12:15: p99: kafka: nothing of flash-sale on kafka in the results; run it, /m,
  );
});
