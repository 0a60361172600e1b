import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { describe, it } from 'node:test';
import { closedPort, SilentServer } from './fixtures/endpoints.ts';
import { BIN, Project, type Ran } from './fixtures/project.ts';
import { SHORT, short } from './fixtures/scenarios.ts';

/** Every client, at one port. The client of the target `kafka` needs a newer Node than mqbench, and says so. */
function targetsAt(port: number): Readonly<Record<string, string>> {
  return {
    kafka: `{ driver: kafka, brokers: ["127.0.0.1:${port}"] }`,
    'kafka-kafkajs': `{ driver: kafka, client: kafkajs, brokers: ["127.0.0.1:${port}"] }`,
    rabbitmq: `{ driver: rabbitmq, url: "amqp://guest:secret@127.0.0.1:${port}" }`,
  };
}

function workspaceAt(port: number): string {
  const targets = Object.entries(targetsAt(port)).map(([name, config]) => `  ${name}: ${config}\n`);
  return `targets:\n${targets.join('')}`;
}

/** Runs it on each target, and tells what was said; fails where one took longer than 10 s. */
async function runOnEach(project: Project, names: readonly string[]): Promise<readonly Ran[]> {
  const beganMs = performance.now();
  const runs = names.map(async (name) => {
    const ran = await project.mqbench('run', 'orders.yaml', '--target', name);
    assert.ok(performance.now() - beganMs < 10_000, `${name} took longer than 10 s`);
    return ran;
  });
  return Promise.all(runs);
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const CAN_LOAD_PLATFORMATIC = major > 22 || (major === 22 && minor >= 22);

describe('mqbench run on a broker that is down exits 3, says what was tried and how to start it', () => {
  it('when nothing listens', async () => {
    const port = await closedPort();
    await using project = await Project.with({ 'orders.yaml': SHORT, 'mqbench.yaml': workspaceAt(port) });

    const [kafkajs, rabbitmq, kafka] = await runOnEach(project, ['kafka-kafkajs', 'rabbitmq', 'kafka']);

    assert.deepEqual([kafkajs?.exitCode, rabbitmq?.exitCode, kafka?.exitCode], [3, 3, 3]);
    assert.match(
      kafkajs?.stderr ?? '',
      new RegExp(
        `^error: kafka-kafkajs: cannot reach kafka at 127\\.0\\.0\\.1:${port}: .*ECONNREFUSED.*
  start one with: npx mqbench up kafka\n$`,
      ),
    );
    assert.equal(
      rabbitmq?.stderr,
      `error: rabbitmq: no RabbitMQ at 127.0.0.1:${port}: connection refused
  start one with: npx mqbench up rabbitmq
`,
    );
    assert.match(
      kafka?.stderr ?? '',
      CAN_LOAD_PLATFORMATIC
        ? new RegExp(`^error: kafka: cannot reach kafka at 127\\.0\\.0\\.1:${port}: `)
        : /^error: kafka: @platformatic\/kafka needs Node/,
    );
    assert.deepEqual(await project.files(), ['mqbench.yaml', 'orders.yaml']);
    await project.assertNothingLeft();
  });

  it('when it accepts and does not answer', async () => {
    await using server = await SilentServer.listen();
    await using project = await Project.with({
      'orders.yaml': SHORT,
      'mqbench.yaml': workspaceAt(server.port),
    });

    const [kafkajs, rabbitmq] = await runOnEach(project, ['kafka-kafkajs', 'rabbitmq']);

    assert.deepEqual([kafkajs?.exitCode, rabbitmq?.exitCode], [3, 3]);
    assert.match(
      kafkajs?.stderr ?? '',
      /^error: kafka-kafkajs: cannot reach kafka at .*longer than 5000 ms\n/,
    );
    assert.match(rabbitmq?.stderr ?? '', /^error: rabbitmq: no RabbitMQ at .*: no answer within 5000 ms\n/);
    assert.doesNotMatch(kafkajs?.stderr ?? '', /Warning/);
    await project.assertNothingLeft();
  });

  it('when something else listens, and says nothing of its own', async () => {
    await using server = await SilentServer.listen();
    await using project = await Project.with({
      'orders.yaml': SHORT,
      'mqbench.yaml': `targets:
  nats: { driver: nats, url: "nats://127.0.0.1:${server.port}" }
  redis: { driver: redis, port: ${server.port} }
`,
    });

    const [nats, redis] = await Promise.all(
      ['nats', 'redis'].map((name) => project.mqbench('run', 'orders.yaml', '--target', name)),
    );

    const what = `what listens at 127\\.0\\.0\\.1:${server.port} does not answer as`;
    assert.deepEqual([nats?.exitCode, redis?.exitCode], [3, 3]);
    assert.match(nats?.stderr ?? '', new RegExp(`^error: nats: ${what} NATS: it said nothing in 5 s\n`));
    assert.match(redis?.stderr ?? '', new RegExp(`^error: redis: ${what} Redis: .* longer than 5000 ms\n`));
    await project.assertNothingLeft();
  });

  it('and tells of all that are down at once, before anything is measured on the others', async () => {
    const port = await closedPort();
    await using project = await Project.with({ 'orders.yaml': SHORT, 'mqbench.yaml': workspaceAt(port) });

    const { exitCode, stdout, stderr } = await project.mqbench(
      'run',
      'orders.yaml',
      '--target',
      'memory,rabbitmq,kafka-kafkajs',
    );

    assert.deepEqual([exitCode, stdout], [3, '']);
    assert.match(
      stderr,
      /^error: rabbitmq: no RabbitMQ .*\nkafka-kafkajs: cannot reach .*\n {2}start one with: npx mqbench up rabbitmq\n {2}start one with: npx mqbench up kafka\n$/,
    );
    assert.doesNotMatch(stderr, /secret/);
    assert.deepEqual(await project.files(), ['mqbench.yaml', 'orders.yaml']);
  });
});

describe('mqbench run exits 3', () => {
  it('when the broker refuses messages of that size, with both sizes', async () => {
    await using project = await Project.with({ 'huge.yaml': short('size: 1KiB', 'size: 17MiB') });
    assert.deepEqual(await project.mqbench('run', 'huge.yaml'), {
      exitCode: 3,
      stdout: '',
      stderr: `error: memory: a message of 17825792 bytes was refused: the memory broker takes up to 16777216 bytes
  lower messages.size of scenario huge, or raise the broker's limit
`,
    });
  });

  it('when the broker cannot give the contract, with what it can give', async () => {
    await using project = await Project.with({ 'safe.yaml': short('leader-acked', 'fsynced-acked') });
    assert.deepEqual(await project.mqbench('run', 'safe.yaml'), {
      exitCode: 3,
      stdout: '',
      stderr: `error: memory: contract fsynced-acked refused: the memory broker keeps one copy, in memory
  leader-acked is its strongest
`,
    });
  });

  it('when stdout is on a full disk, in one line', { skip: process.platform !== 'linux' }, () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [BIN, 'list', 'metrics'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    assert.equal(status, 3);
    assert.match(stderr, /^error: the output cannot be written: ENOSPC: .*\n$/);
  });

  it('when --out cannot be written', async () => {
    await using project = await Project.with({ 'orders.yaml': SHORT, 'a-file': 'mine' });

    const { exitCode, stdout, stderr } = await project.mqbench('run', 'orders.yaml', '--out', 'a-file/here');

    assert.deepEqual([exitCode, stdout], [3, '']);
    assert.match(
      stderr,
      /^error: a-file\/here: cannot be written: .*\n {2}name another folder with --out\n$/,
    );
    await project.assertNothingLeft();
  });
});

it('given a fault of a broker that lives in mqbench, then it is refused for that reason, with exit code 3', async () => {
  await using project = await Project.with({});

  const { exitCode, stderr } = await project.mqbench('run', 'faults-broker-dies', '--target', 'memory,sqs');

  assert.equal(exitCode, 3);
  const reason = 'fault kill refused: its broker lives in mqbench and cannot fail alone';
  assert.equal(stderr, `error: memory: ${reason}\nsqs: ${reason}\n`);
});
