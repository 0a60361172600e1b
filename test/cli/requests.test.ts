import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closedPort } from './fixtures/endpoints.ts';
import { Project } from './fixtures/project.ts';
import { SHORT, SHORTEST } from './fixtures/scenarios.ts';

describe('mqbench run on SQS', () => {
  it('tells the requests that the messages took, without those of setting up', async () => {
    await using project = await Project.with({ 'orders.yaml': SHORTEST });

    const { stdout } = await project.mqbench('run', 'orders.yaml', '--target', 'sqs,memory');

    const { result } = await project.campaign();
    const [sqs, memory] = result.trials;
    const { total = 0, perMessage, byAction = {} } = sqs?.resources.requests ?? {};
    const { acknowledged = 0 } = sqs?.ledger ?? {};
    const { SendMessageBatch = 0, ReceiveMessage = 0, DeleteMessageBatch = 0 } = byAction;
    for (const count of [SendMessageBatch, ReceiveMessage, DeleteMessageBatch]) {
      assert.ok(count >= acknowledged / 10 && count <= acknowledged, `${count} of ${acknowledged} messages`);
    }
    const setUp = ['ListQueues', 'CreateQueue', 'GetQueueUrl', 'DeleteQueue'];
    assert.deepEqual(
      setUp.filter((action) => action in byAction),
      [],
    );
    assert.equal(
      total,
      Object.values(byAction).reduce((sum, count) => sum + count, 0),
    );
    assert.equal(perMessage, total / acknowledged);
    assert.match(
      stdout,
      new RegExp(`^sqs: ${total.toLocaleString('en-US')} requests, .* a message \\(`, 'm'),
    );
    assert.equal(memory?.resources.requests, null);
    await project.assertNothingLeft();
  });

  it('exits 3 when nothing listens at the endpoint, and says what starts an emulator', async () => {
    const port = await closedPort();
    const targets = `targets:\n  mine: { driver: sqs, endpoint: "http://127.0.0.1:${port}" }\n`;
    await using project = await Project.with({ 'orders.yaml': SHORT, 'mqbench.yaml': targets });

    assert.deepEqual(await project.mqbench('run', 'orders.yaml', '--target', 'mine'), {
      exitCode: 3,
      stdout: '',
      stderr: `error: mine: SQS at 127.0.0.1:${port}: no answer: connect ECONNREFUSED 127.0.0.1:${port}
  start one with: npx mqbench up elasticmq; or leave the endpoint out: mqbench has its own
`,
    });
    await project.assertNothingLeft();
  });
});
