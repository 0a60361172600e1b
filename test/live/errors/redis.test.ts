import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from 'redis';
import { redisDriver } from '../../../src/drivers/redis/index.ts';
import { isTested } from '../fixtures/running.ts';
import { certificateIn } from './own-server.ts';
import { RedisServer } from './redis-server.ts';
import { runOn, type Config } from './told.ts';

const SECRET = 'kept-to-itself';

function target({ port }: RedisServer, more: Config = {}): Config {
  return { driver: 'redis', host: '127.0.0.1', port, ...more };
}

/** @param rule what it may not do, or where it may do it */
function user(name: string, rule: string): string {
  return `user ${name} on >${SECRET} ${rule}`;
}

test('given passwords and ACLs, when a target may not log in, create, write or read, then each is told so', async (t) => {
  if (!(await isTested(t, 'redis'))) return;
  await using server = await RedisServer.start(
    () => ({ requirepass: SECRET }),
    [
      user('nocreate', '~others.* +@all'),
      user('nowrite', '~mqbench.* +@all -xadd'),
      user('noread', '~mqbench.* +@all -xreadgroup'),
      user('noconfig', '~mqbench.* +@all -config'),
    ],
  );
  const as = (username: string): Config => target(server, { username, password: SECRET });
  await using told = await runOn({
    wrong: target(server, { password: `not-${SECRET}` }),
    missing: target(server),
    nocreate: as('nocreate'),
    nowrite: as('nowrite'),
    noconfig: as('noconfig'),
    tls: target(server, { tls: true }),
  });
  const forbidden = (name: string, what: string): RegExp =>
    new RegExp(`^Redis at 127\\.0\\.0\\.1:\\d+, user ${name}: NOPERM .*${what}`);
  told.refuses({
    wrong: /refused the login of user default$/,
    missing: /wants a password, and the target has none$/,
    nocreate: forbidden('nocreate', 'access one of the keys'),
    nowrite: /^a message of 1024 bytes was refused: redis answered: NOPERM .*'xadd'/,
    noconfig: forbidden('noconfig', 'config'),
    tls: /does not answer as one with TLS/,
  });
  assert.match(told.ran.stderr, /^ {2}let the user do all on mqbench\.\*, /m);
  assert.doesNotMatch(told.ran.stderr, new RegExp(SECRET));

  await using reading = await runOn({ noread: as('noread') });
  await reading.breaks(/user noread: NOPERM .*'xreadgroup' command; let the user do all/);
});

test('given servers that are not what the target says, then each is told', async (t) => {
  if (!(await isTested(t, 'redis'))) return;
  await using master = await RedisServer.start(() => ({}));
  await using replica = await RedisServer.start(() => ({ replicaof: `127.0.0.1 ${master.port}` }));
  await using alone = await RedisServer.start(() => ({ 'min-replicas-to-write': '1' }));
  await using secure = await RedisServer.start(async (folder, port) => {
    const { certificate, key } = await certificateIn(folder);
    const files = { 'tls-cert-file': certificate, 'tls-key-file': key, 'tls-auth-clients': 'no' };
    return { port: '0', 'tls-port': String(port), ...files };
  });
  await using told = await runOn({
    needless: target(master, { password: SECRET }),
    replica: target(replica),
    alone: target(alone),
    plain: target(secure),
    untrusted: target(secure, { tls: true }),
  });
  told.refuses({
    needless: /asks for no password, and the target has one$/,
    replica: /^Redis \S+ at 127\.0\.0\.1:\d+ is a read-only replica$/,
    alone: /: NOREPLICAS /,
    plain: /^no Redis at 127\.0\.0\.1:\d+: /,
    untrusted: /^the certificate of Redis at 127\.0\.0\.1:\d+ is not trusted: self-signed certificate$/,
  });
  assert.match(told.ran.stderr, /^ {2}if the server wants TLS, set tls: true/m);
  assert.doesNotMatch(told.ran.stderr, new RegExp(SECRET));
});

test('given a key of the name of a topic, of whatever type, then it is an error to create it, and the key stays', async (t) => {
  if (!(await isTested(t, 'redis'))) return;
  await using server = await RedisServer.start(() => ({}));
  const config = redisDriver.configSchema.parse({ port: server.port });
  const topic = { name: 'mqbench.errors', partitions: 2, subscriptions: ['a'] };
  const theirs = createClient({ RESP: 2, url: `redis://127.0.0.1:${server.port}` });
  await theirs.connect();
  try {
    await using driver = await redisDriver.connect(config, new AbortController().signal);
    for (const key of [`${topic.name}:topic`, `${topic.name}:1`]) {
      await theirs.set(key, 'theirs');
      await assert.rejects(driver.createTopology({ topics: [topic] }, 'leader-acked'), {
        name: 'UserError',
        code: 'driver.topic-exists',
        exitCode: 3,
        message: `topic ${topic.name} already exists`,
      });
      await driver.deleteTopology();
      assert.equal(await theirs.get(key), 'theirs');
      await theirs.del(key);
    }
    await driver.createTopology({ topics: [topic] }, 'leader-acked');
    await driver.deleteTopology();
  } finally {
    await theirs.close();
  }
});

test('given a memory that fills up in the middle of a run, then the sends fail, and it is said why', async (t) => {
  if (!(await isTested(t, 'redis'))) return;
  await using server = await RedisServer.start(() => ({
    maxmemory: '3mb',
    'maxmemory-policy': 'noeviction',
  }));
  await using told = await runOn({ redis: target(server) });
  const { ledger } = await told.fails(
    /^\d+ sends were not acknowledged: redis answered: OOM command not allowed .*; raise maxmemory/,
  );
  assert.deepEqual([ledger.lost, ledger.unknown, ledger.backlog], [0, 0, 0]);
});
