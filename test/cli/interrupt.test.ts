import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SilentServer } from './fixtures/endpoints.ts';
import { Project } from './fixtures/project.ts';
import { SHORT, short } from './fixtures/scenarios.ts';

/** So long that no test waits for its end. */
const LONG = short('for: 1s', 'for: 10min');

/** What follows within is the same interruption, told twice (src/cli/main.ts). */
const SAME_INTERRUPTION_MS = 200;

const TOLD = /^interrupted: draining and cleaning up; interrupt again to leave at once$/m;

describe('Ctrl-C ends mqbench run with exit code 130, and leaves no process and no temporary file', () => {
  for (const [target, config] of [
    ['rabbitmq', (port: number) => `{ driver: rabbitmq, url: "amqp://127.0.0.1:${port}" }`],
    ['kafka', (port: number) => `{ driver: kafka, client: kafkajs, brokers: ["127.0.0.1:${port}"] }`],
  ] as const) {
    it(`while ${target} is tried: nothing has been measured, and nothing is kept`, async () => {
      await using server = await SilentServer.listen();
      const workspace = `targets: { hanging: ${config(server.port)} }`;
      await using project = await Project.with({ 'orders.yaml': SHORT, 'mqbench.yaml': workspace });

      await using run = project.start(['run', 'orders.yaml']);
      await server.called;
      run.interrupt();
      const { exitCode, stdout, stderr } = await run.ended;

      assert.deepEqual([exitCode, stdout], [130, '']);
      assert.match(stderr, TOLD);
      assert.deepEqual(await project.files(), ['mqbench.yaml', 'orders.yaml']);
      await project.assertNothingLeft();
    });
  }

  it('while a trial starts', async () => {
    await using project = await Project.with({ 'orders.yaml': LONG });

    await using run = project.start(['run', 'orders.yaml']);
    await run.says(/^\[1\/1\] orders on memory: starting$/m);
    run.interrupt('SIGTERM');
    const { exitCode, stderr } = await run.ended;

    assert.equal(exitCode, 130, stderr);
    assert.match(stderr, TOLD);
    assert.equal((await project.campaign()).result.interrupted, true);
    await project.assertNothingLeft();
  });

  it('during the selftest', async () => {
    await using project = await Project.with({});

    await using run = project.start(['selftest']);
    await run.says(/^\[1\/5\] /m);
    run.interrupt();
    const { exitCode, stdout, stderr } = await run.ended;

    assert.deepEqual([exitCode, stdout], [130, ''], stderr);
    assert.doesNotMatch(stderr, /bug/);
    await project.assertNothingLeft();
  });

  it('during the load: the finished trials are on disk, and so is what was measured of this one', async () => {
    await using project = await Project.with({ 'orders.yaml': SHORT, 'long.yaml': LONG });

    await using run = project.start(['run', 'orders.yaml', 'long.yaml']);
    await run.says(/^\[2\/2\] long on memory: steady /m);
    run.interrupt();
    const beganMs = performance.now();
    const { exitCode, stdout, stderr } = await run.ended;

    assert.equal(exitCode, 130, stderr);
    assert.ok(performance.now() - beganMs < 4000, 'nothing was under way, and yet it took its time');
    assert.match(stdout, /^orders: .*\n.*\n.*\n.*\n│ memory \* │ sustained /m);
    assert.match(stdout, /^memory: failed: interrupted before its end$/m);
    const { result, files } = await project.campaign();
    assert.deepEqual(files, [
      '001-orders-memory-1.hlog',
      '002-long-memory-1.hlog',
      'report.md',
      'result.json',
    ]);
    assert.equal(result.interrupted, true);
    assert.deepEqual(
      result.trials.map(({ scenario, verdict }) => [scenario, verdict]),
      [
        ['orders', 'sustained'],
        ['long', 'failed'],
      ],
    );
    const ledger = result.trials[1]?.ledger;
    assert.equal(ledger?.attempted, ledger?.delivered, 'what had been sent was drained');
    await project.assertNothingLeft();
  });

  it('during the drain, without waiting for its end', async () => {
    await using project = await Project.with({
      'orders.yaml': short('drain: { quiet: 100ms }', 'drain: { quiet: 10min, timeout: 1h }'),
    });

    await using run = project.start(['run', 'orders.yaml']);
    await run.says(/^\[1\/1\] orders on memory: draining /m);
    run.interrupt();
    const { exitCode, stderr } = await run.ended;

    assert.equal(exitCode, 130, stderr);
    const { result } = await project.campaign();
    assert.equal(result.trials[0]?.drain.complete, false);
    assert.equal(result.trials[0]?.ledger.delivered, 900);
    await project.assertNothingLeft();
  });

  it('in an orderly way too when one interruption is told twice, as a terminal and `timeout` do', async () => {
    await using project = await Project.with({ 'orders.yaml': LONG });

    await using run = project.start(['run', 'orders.yaml']);
    await run.says(/^\[1\/1\] orders on memory: steady /m);
    run.interrupt();
    await run.says(TOLD);
    run.interrupt();
    const { exitCode, stderr } = await run.ended;

    assert.equal(exitCode, 130, stderr);
    assert.equal((await project.campaign()).result.trials.length, 1);
    await project.assertNothingLeft();
  });

  it('and a second one does so at once, though messages are still under way', async () => {
    // a consumer that takes one message a second: seconds of draining are ahead
    const slow = 'consumers: { window: 1, work: 1s }\ndrain: { quiet: 100ms }';
    await using project = await Project.with({
      'orders.yaml': LONG.replace('drain: { quiet: 100ms }', slow),
    });

    await using run = project.start(['run', 'orders.yaml']);
    await run.says(/^\[1\/1\] orders on memory: steady /m);
    run.interrupt();
    await run.says(TOLD);
    await sleep(SAME_INTERRUPTION_MS + 100);
    run.interrupt();
    const beganMs = performance.now();
    const { exitCode } = await run.ended;

    assert.equal(exitCode, 130);
    assert.ok(performance.now() - beganMs < 1000, 'it did not leave at once');
    assert.equal((await project.campaign()).result.trials.length, 0);
    await project.assertNothingLeft();
  });
});
