import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { FauxqsBroker } from '../../../src/brokers/index.ts';
import { type Driver, driverNamed } from '../../../src/drivers/index.ts';
import { UserError } from '../../../src/user-error.ts';
import { closedPort, SilentServer } from '../../cli/fixtures/endpoints.ts';

const DRIVERS = ['sqs', 'sns'] as const;
const batching = { lingerMs: 5, maxBatchBytes: 1024 * 1024, maxBatchMessages: 1000 };
const MUST_FAIL_WITHIN_MS = 10_000;

async function connect(name: string, config: object): Promise<Driver> {
  const module = driverNamed(name);
  if (module === undefined) throw new Error(`no driver ${name}`);
  return module.connect(module.configSchema.parse(config), new AbortController().signal);
}

/** What each of the drivers was refused with; fails when that took longer than 10 s. */
async function refusals(config: object): Promise<readonly UserError[]> {
  return Promise.all(DRIVERS.map((name) => refusal(name, config)));
}

async function refusal(name: string, config: object): Promise<UserError> {
  const beganMs = performance.now();
  try {
    await using driver = await connect(name, config);
    assert.fail(`connected to ${driver.server.product}`);
  } catch (error) {
    const tookMs = performance.now() - beganMs;
    assert.ok(tookMs < MUST_FAIL_WITHIN_MS, `${name} took ${Math.round(tookMs)} ms`);
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.exitCode, 3);
    return error;
  }
}

/** No credentials but these, wherever the SDK may look; until the test ends. */
function environment(t: TestContext, variables: Readonly<Record<string, string>>): void {
  const saved = { ...process.env };
  t.after(() => {
    for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
    Object.assign(process.env, saved);
  });
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  const nowhere = join(tmpdir(), 'mqbench-no-such-file');
  Object.assign(process.env, {
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    // the address of a cloud host's metadata, which may answer where this runs
    AWS_EC2_METADATA_DISABLED: 'true',
    ...variables,
  });
}

describe('sqs and sns that cannot be reached', () => {
  it('since nothing listens: say where, and what starts an emulator', async () => {
    const port = await closedPort();
    const [sqs, sns] = await refusals({ endpoint: `http://127.0.0.1:${port}` });
    const reason = `at 127.0.0.1:${port}: no answer: connect ECONNREFUSED 127.0.0.1:${port}`;
    assert.equal(sqs?.message, `SQS ${reason}`);
    assert.equal(sns?.message, `SNS ${reason}`);
    assert.match(sqs?.hint ?? '', /npx mqbench up elasticmq/);
    assert.match(sns?.hint ?? '', /docker compose/);
  });

  it('since something accepts and does not answer: say so within 10 s', async () => {
    await using server = await SilentServer.listen();
    for (const { code, message } of await refusals({ endpoint: `http://127.0.0.1:${server.port}` })) {
      assert.equal(code, 'driver.unreachable');
      assert.match(message, new RegExp(`at 127\\.0\\.0\\.1:${server.port}: no answer`));
    }
  });

  it('on AWS, without credentials: say which they take', async (t) => {
    environment(t, {});
    for (const { code, message, hint = '' } of await refusals({ region: 'eu-west-1' })) {
      assert.equal(code, 'driver.login-refused');
      assert.match(message, /^AWS S.S in eu-west-1: no valid credentials: /);
      assert.match(hint, /AWS_PROFILE, AWS_ACCESS_KEY_ID/);
    }
  });

  it('on AWS, with credentials that never come: say so within 10 s', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'mqbench-aws-'));
    t.after(() => rm(folder, { recursive: true }));
    const script = join(folder, 'credentials.sh');
    // longer than the limit, and gone soon after
    await writeFile(script, '#!/bin/sh\nexec sleep 11\n');
    await chmod(script, 0o700);
    await writeFile(join(folder, 'config'), `[default]\ncredential_process = ${script}\n`);
    environment(t, { AWS_CONFIG_FILE: join(folder, 'config') });
    for (const { code, hint = '' } of await refusals({ region: 'eu-west-1' })) {
      assert.equal(code, 'driver.unreachable');
      assert.match(hint, /what gives the credentials/);
    }
  });

  it('on AWS, in a region that there is not: say which, and what to check', async (t) => {
    environment(t, { AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' });
    for (const { code, message, hint = '' } of await refusals({ region: 'mars-north-1' })) {
      assert.equal(code, 'driver.unreachable');
      assert.match(message, /^AWS S.S in mars-north-1: /);
      assert.match(hint, /network/);
    }
  });
});

describe('what is already on the server', () => {
  const topic = 'mqbench.taken.t1.stream';
  const topology = { topics: [{ name: topic, partitions: 1, subscriptions: ['a'] }] };
  let broker: FauxqsBroker | undefined;
  before(async () => {
    broker = await FauxqsBroker.start();
  });
  after(() => broker?.[Symbol.asyncDispose]());
  const on = (name: string, changes: object = {}): Promise<Driver> =>
    connect(name, { endpoint: `http://127.0.0.1:${broker?.port}`, ...changes });

  for (const name of DRIVERS) {
    it(`${name}: a queue of that name with other attributes is not taken for ours`, async () => {
      await using first = await on(name, { visibilitySeconds: 31 });
      await first.createTopology(topology, 'leader-acked');
      await using second = await on(name);
      await assert.rejects(second.createTopology(topology, 'leader-acked'), {
        name: 'UserError',
        code: 'driver.name-taken',
        exitCode: 3,
        hint: /mqbench clean/,
      });
      await second.deleteTopology();
      await first.deleteTopology();
      assert.deepEqual(await first.deleteLeftovers('mqbench.'), []);
    });

    it(`${name}: with fifo, what was created without it is not found, and says so`, async () => {
      await using standard = await on(name);
      await standard.createTopology(topology, 'leader-acked');
      await using fifo = await on(name, { fifo: true });
      const expected = { name: 'UserError', exitCode: 3, message: /no .*(queue|topic)/, hint: /deleted/ };
      await assert.rejects(fifo.openProducer(topic, { contract: 'leader-acked', batching }), expected);
      const consumer = { contract: 'leader-acked', window: 10, onLost: assert.fail } as const;
      await assert.rejects(
        fifo.openConsumer({ topic, name: 'a' }, consumer, () => 'done'),
        expected,
      );
      await standard.deleteTopology();
    });
  }
});
