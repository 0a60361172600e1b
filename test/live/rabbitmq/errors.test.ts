import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { UserError } from '../../../src/user-error.ts';
import { Deliveries } from '../contract/deliveries.ts';
import { RunningRabbitmq } from './running-rabbitmq.ts';

/** What a person is told whom RabbitMQ does not let in, or do something. */
const secret = 'kept-to-itself';
const batching = { lingerMs: 0, maxBatchBytes: 65_536, maxBatchMessages: 100 };

interface Expected {
  readonly code: string;
  readonly message: RegExp;
  readonly hint: RegExp;
}

/** A UserError with exit code 3 that does not hold the password. */
function told({ code, message, hint }: Expected): (error: Error) => boolean {
  return (error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.deepEqual([error.code, error.exitCode], [code, 3]);
    assert.match(error.message, message);
    assert.match(error.hint ?? '', hint);
    assert.ok(!`${error.stack} ${error.hint}`.includes(secret));
    return true;
  };
}

interface Permissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

/** A user with these permissions in the virtual host `/`, until it is disposed. */
async function userWith(
  rabbitmq: RunningRabbitmq,
  permissions: Permissions,
): Promise<AsyncDisposable & { readonly username: string; readonly password: string }> {
  const username = `mqbench-errors-${randomBytes(3).toString('hex')}`;
  await rabbitmq.control('add_user', username, secret);
  const { configure, write, read } = permissions;
  await rabbitmq.control('set_permissions', '-p', '/', username, configure, write, read);
  return {
    username,
    password: secret,
    [Symbol.asyncDispose]: async () => {
      await rabbitmq.control('delete_user', username);
    },
  };
}

function topicSpec() {
  const name = `mqbench.errors-${randomBytes(3).toString('hex')}.topic`;
  return { name, partitions: 2, subscriptions: ['a'] };
}

describe('errors of RabbitMQ', () => {
  test('given a wrong password, then it says who was refused', async (t) => {
    const rabbitmq = await RunningRabbitmq.find(t);
    if (rabbitmq === undefined) return;
    await assert.rejects(
      rabbitmq.connect({ username: 'guest', password: secret }),
      told({
        code: 'driver.login-refused',
        message: /^RabbitMQ at [\d.:]+ refused the login of user guest$/,
        hint: /password/,
      }),
    );
  });

  test('given a virtual host that does not exist, then it names it', async (t) => {
    const rabbitmq = await RunningRabbitmq.find(t);
    if (rabbitmq === undefined) return;
    await assert.rejects(
      rabbitmq.connect({ pathname: '/no-such-host' }),
      told({
        code: 'driver.no-virtual-host',
        message: /has no virtual host no-such-host for user guest$/,
        hint: /path of the target's url/,
      }),
    );
  });

  const lacking: readonly (readonly [keyof Permissions, RegExp, string])[] = [
    ['configure', /configure the (queue|exchange) mqbench/, 'driver.may-not-configure'],
    ['write', /write the queue mqbench/, 'driver.no-permission'],
    ['read', /read the exchange mqbench/, 'driver.no-permission'],
  ];
  for (const [permission, message, code] of lacking) {
    test(`given a user who may not ${permission}, when a topic is to be created, then it says so, and leaves nothing`, async (t) => {
      const rabbitmq = await RunningRabbitmq.find(t);
      if (rabbitmq === undefined) return;
      const all = { configure: '.*', write: '.*', read: '.*' };
      await using user = await userWith(rabbitmq, { ...all, [permission]: '^$' });
      await using driver = await rabbitmq.connect(user);
      const topic = topicSpec();
      await assert.rejects(
        driver.createTopology({ topics: [topic] }, 'leader-acked'),
        told({ code, message, hint: new RegExp(`set_permissions -p / ${user.username} `) }),
      );
      await driver.deleteTopology();
      await using guest = await rabbitmq.connect();
      assert.deepEqual(await guest.deleteLeftovers(topic.name), []);
    });
  }

  test('given the permissions that the hint names, and no more, then a message goes through', async (t) => {
    const rabbitmq = await RunningRabbitmq.find(t);
    if (rabbitmq === undefined) return;
    await using user = await userWith(rabbitmq, { configure: '^$', write: '^$', read: '^$' });
    await using driver = await rabbitmq.connect(user);
    const topic = topicSpec();
    const refusal = await driver.createTopology({ topics: [topic] }, 'leader-acked').then(
      () => undefined,
      (error: unknown) => (error instanceof UserError ? error.hint : undefined),
    );
    const [configure, write, read] = [...(refusal ?? '').matchAll(/'([^']*)'/g)].map(
      ([, regex]) => regex ?? '',
    );
    assert.ok(configure !== undefined && write !== undefined && read !== undefined, refusal);
    await rabbitmq.control('set_permissions', '-p', '/', user.username, configure, write, read);

    // a connection remembers what its user may do
    await using allowed = await rabbitmq.connect(user);
    await allowed.createTopology({ topics: [topic] }, 'leader-acked');
    try {
      const deliveries = new Deliveries();
      await allowed.openConsumer(
        { topic: topic.name, name: 'a' },
        { contract: 'leader-acked', window: 10, onLost: deliveries.onLost },
        deliveries.handler,
      );
      const producer = await allowed.openProducer(topic.name, { contract: 'leader-acked', batching });
      await producer.send({ key: 'key', payload: Buffer.from('through') });
      await deliveries.until('a message', () => deliveries.distinct.has('through'));
    } finally {
      await allowed.deleteTopology();
    }
  });

  test('given a queue of that name with other arguments, then it says which, and that queue stays', async (t) => {
    const rabbitmq = await RunningRabbitmq.find(t);
    if (rabbitmq === undefined) return;
    const topic = topicSpec();
    const path = `queues/%2F/${topic.name}.a.0`;
    await rabbitmq.api('PUT', path, {
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-quorum-initial-group-size': 1 },
    });
    await using driver = await rabbitmq.connect();
    try {
      await assert.rejects(
        driver.createTopology({ topics: [topic] }, 'leader-acked'),
        told({
          code: 'driver.exists',
          message: new RegExp(
            `^the queue ${topic.name}.a.0 exists on RabbitMQ at [\\d.:]+ with x-single-active-consumer none, where true was asked for$`,
          ),
          hint: new RegExp(`rabbitmqctl delete_queue ${topic.name}.a.0`),
        }),
      );
      await driver.deleteTopology();
      assert.ok(await rabbitmq.api('GET', path), 'it is not ours');
    } finally {
      assert.ok((await driver.deleteLeftovers(topic.name)).length > 0);
    }
  });

  test('given amqps:// and the port without TLS, then it says so', async (t) => {
    const rabbitmq = await RunningRabbitmq.find(t);
    if (rabbitmq === undefined) return;
    await assert.rejects(
      rabbitmq.connect({ protocol: 'amqps:' }),
      told({ code: 'driver.tls', message: /does not speak TLS on this port$/, hint: /amqp:\/\// }),
    );
  });

  test('given the port of a TLS listener, then amqp:// is told to use amqps://, and amqps:// that nobody vouches for it', async (t) => {
    const rabbitmq = await RunningRabbitmq.find(t);
    if (rabbitmq === undefined) return;
    await using listener = await tlsListener(rabbitmq);
    const { port } = listener;
    await assert.rejects(
      rabbitmq.connect({ port }),
      told({ code: 'driver.no-amqp', message: /hangs up on AMQP without TLS/, hint: /amqps:\/\// }),
    );
    await assert.rejects(
      rabbitmq.connect({ port, protocol: 'amqps:' }),
      told({
        code: 'driver.certificate',
        message: /has a certificate that is signed by itself/,
        hint: /NODE_EXTRA_CA_CERTS/,
      }),
    );
  });
});

/** A TLS listener of the running broker, with a certificate of its own, until it is disposed. */
async function tlsListener(rabbitmq: RunningRabbitmq): Promise<AsyncDisposable & { readonly port: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'mqbench-tls-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const files = ['-keyout', key, '-out', certificate, '-subj', '/CN=localhost'];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    ...files,
  ]);
  const port = await freePort();
  const place = `{"127.0.0.1", ${port}}`;
  await rabbitmq.control(
    'eval',
    `ssl:start(), rabbit_networking:start_ssl_listener(${place}, [{certfile, "${certificate}"}, {keyfile, "${key}"}], 1).`,
  );
  return {
    port: String(port),
    [Symbol.asyncDispose]: async () => {
      await rabbitmq.control('eval', `rabbit_networking:stop_tcp_listener(${place}).`);
      await rm(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
