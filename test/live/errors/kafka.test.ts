import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import kafkajs from 'kafkajs';
import { KafkaServer } from './kafka-server.ts';
import { isTested } from '../fixtures/running.ts';
import { runOn, type Config } from './told.ts';

const SECRET = 'kept-to-itself';
const PREFIX = 'mqbench.';
const {
  AclResourceTypes: resource,
  AclOperationTypes: operation,
  AclPermissionTypes: permission,
  ResourcePatternTypes: pattern,
} = kafkajs;
const MANAGING = [operation.CREATE, operation.DESCRIBE, operation.DESCRIBE_CONFIGS, operation.DELETE];
const IN_A_GROUP = [operation.READ, operation.DESCRIBE, operation.DELETE];

/** By user, what it may do to topics and groups named mqbench.*. */
const users = {
  nocreate: { topics: [], groups: IN_A_GROUP },
  nowrite: { topics: [...MANAGING, operation.READ], groups: IN_A_GROUP },
  noread: { topics: [...MANAGING, operation.WRITE], groups: IN_A_GROUP },
  noconfigs: { topics: [operation.CREATE, operation.DESCRIBE, operation.DELETE], groups: IN_A_GROUP },
} as const;

const CLIENTS = ['platformatic', 'kafkajs'] as const;

function target(client: string, port: number, more: Config = {}): Config {
  return { driver: 'kafka', client, brokers: [`127.0.0.1:${port}`], ...more };
}

/** The same target through each client, named after it. */
function throughEach(name: string, port: number, more: Config = {}): Readonly<Record<string, Config>> {
  return Object.fromEntries(CLIENTS.map((client) => [`${name}-${client}`, target(client, port, more)]));
}

function told(patterns: Readonly<Record<string, RegExp>>): Readonly<Record<string, RegExp>> {
  return Object.fromEntries(
    Object.entries(patterns).flatMap(([name, expected]) =>
      CLIENTS.map((client) => [`${name}-${client}`, expected]),
    ),
  );
}

function loginOf(username: string, password = SECRET): Config {
  return { sasl: { mechanism: 'plain', username, password } };
}

async function grant(port: number): Promise<void> {
  const brokers = [`127.0.0.1:${port}`];
  const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const rules = Object.entries(users).flatMap(([user, { topics, groups }]) => [
    ...topics.map((each) => ({ user, resourceType: resource.TOPIC, operation: each })),
    ...groups.map((each) => ({ user, resourceType: resource.GROUP, operation: each })),
  ]);
  const acl = rules.map(({ user, ...rule }) => ({
    ...rule,
    principal: `User:${user}`,
    host: '*',
    resourceName: PREFIX,
    resourcePatternType: pattern.PREFIXED,
    permissionType: permission.ALLOW,
  }));
  await admin.createAcls({ acl });
  await admin.disconnect();
}

test('given SASL, TLS and ACLs, when a target may not log in, create, write or read, then each client says so', async (t) => {
  if (!(await isTested(t, 'kafka'))) return;
  const passwords = Object.fromEntries(Object.keys(users).map((name) => [name, SECRET]));
  await using server = await KafkaServer.start({ users: passwords });
  const { plain, sasl, tls } = server.ports;
  await grant(plain);
  await using refused = await runOn({
    ...throughEach('wrong', sasl, loginOf('nowrite', `not-${SECRET}`)),
    ...throughEach('missing', sasl),
    ...throughEach('plain', tls),
    ...throughEach('untrusted', tls, { tls: true }),
    ...throughEach('nocreate', sasl, loginOf('nocreate')),
    ...throughEach('nowrite', sasl, loginOf('nowrite')),
    ...throughEach('noconfigs', sasl, loginOf('noconfigs')),
  });
  refused.refuses(
    told({
      wrong: /does not let in nowrite by plain: /,
      missing: /closes the connection of who does not log in/,
      plain: /speaks TLS, and the target does not/,
      untrusted: /^the certificate of kafka at \S+ is not trusted: /,
      nocreate: /^kafka does not authorise this user to create topic mqbench\./,
      nowrite: /^a message of 1024 bytes was refused: kafka does not authorise this user to write to topic /,
      noconfigs: /^kafka does not authorise this user to create and describe topic mqbench\./,
    }),
  );
  assert.match(refused.ran.stderr, /^ {2}grant Create, Describe, DescribeConfigs, Write, /m);
  assert.doesNotMatch(refused.ran.stderr, new RegExp(SECRET));
  for (const client of CLIENTS) {
    await using reading = await runOn({ noread: target(client, sasl, loginOf('noread')) });
    await reading.breaks(/^kafka does not authorise this user to read topic mqbench\..*; grant Create/);
  }
});

// each has a broker of its own, and none measures time
const atOnce = { concurrency: CLIENTS.length };

describe('given a disk that fills up in the middle of a run, which ends a broker', atOnce, () => {
  for (const client of CLIENTS) {
    test(`then ${client} accounts for every send, and it is said that the broker is gone`, async (t) => {
      if (!(await isTested(t, 'kafka'))) return;
      // 24 MB: the indices of the controller's own log take 10 MB each
      await using server = await KafkaServer.start({ fileBlocks: 48_000 });
      await using run = await runOn({ kafka: target(client, server.ports.plain) }, { sizeOf: '32KiB' });
      const trial = await run.fails(/^the broker was gone in the end: cannot reach kafka at .*ECONNREFUSED/);
      assert.ok(server.server.hasEnded, 'the broker had ended');
      t.diagnostic(trial.warnings.join('; '));
    });
  }
});
