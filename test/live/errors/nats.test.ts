import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { jetstreamIn, NatsServer } from './nats-server.ts';
import { isTested } from '../fixtures/running.ts';
import { certificateIn } from './own-server.ts';
import { runOn, type Config } from './told.ts';

const SECRET = 'kept-to-itself';

function target(server: NatsServer, login = '', scheme = 'nats'): Config {
  return { driver: 'nats', url: `${scheme}://${login}127.0.0.1:${server.port}` };
}

/** @param users by name, the subjects that they may not publish to */
function authorization(users: Readonly<Record<string, string>>): string {
  const each = Object.entries(users).map(
    ([name, denied]) =>
      `{user: ${name}, password: ${SECRET}, permissions: {publish: {deny: [${JSON.stringify(denied)}]}}}`,
  );
  return `authorization { users: [${each.join(', ')}] }`;
}

test('given users and permissions, when a target may not log in, create, write or read, then each is told so', async (t) => {
  if (!(await isTested(t, 'nats'))) return;
  await using server = await NatsServer.start(
    (folder) =>
      `${jetstreamIn(folder)}\n${authorization({
        nocreate: '$JS.API.STREAM.CREATE.>',
        nowrite: 'mqbench.>',
        noread: '$JS.API.CONSUMER.MSG.NEXT.>',
      })}`,
  );
  await using told = await runOn({
    wrong: target(server, `nowrite:not-${SECRET}@`),
    missing: target(server),
    nocreate: target(server, `nocreate:${SECRET}@`),
    nowrite: target(server, `nowrite:${SECRET}@`),
    tls: target(server, `noread:${SECRET}@`, 'tls'),
  });
  told.refuses({
    wrong: /^NATS at 127\.0\.0\.1:\d+ refused the login$/,
    missing: /^NATS at 127\.0\.0\.1:\d+ refused the login$/,
    nocreate: /does not let this user publish to \$JS\.API\.STREAM\.CREATE\.mqbench/,
    nowrite: /^a message of 1024 bytes was refused: the user may not publish to mqbench\./,
    tls: /does not speak TLS$/,
  });
  assert.match(told.ran.stderr, /^ {2}grant the user publish to mqbench\.>, /m);
  assert.doesNotMatch(told.ran.stderr, new RegExp(SECRET));

  await using reading = await runOn({ noread: target(server, `noread:${SECRET}@`) });
  await reading.breaks(
    /does not let this user publish to \$JS\.API\.CONSUMER\.MSG\.NEXT\..*; grant the user/,
  );
});

test('given TLS with a certificate that nobody trusts, and a server without JetStream, then both are told', async (t) => {
  if (!(await isTested(t, 'nats'))) return;
  await using secure = await NatsServer.start(async (folder) => {
    const { certificate, key } = await certificateIn(folder);
    return `${jetstreamIn(folder)}\ntls { cert_file: ${JSON.stringify(certificate)}, key_file: ${JSON.stringify(key)} }`;
  });
  await using bare = await NatsServer.start(() => '');
  // the client takes up TLS where the server asks for it, whatever the scheme
  const untrusted = /^the certificate of NATS at 127\.0\.0\.1:\d+ is not trusted: self-signed certificate$/;
  await using told = await runOn({
    plain: target(secure),
    tls: target(secure, '', 'tls'),
    bare: target(bare),
  });
  told.refuses({ plain: untrusted, tls: untrusted, bare: /runs without JetStream$/ });
});

test('given a stream of somebody else that takes the subjects of mqbench, then it is told, and stays', async (t) => {
  if (!(await isTested(t, 'nats'))) return;
  await using server = await NatsServer.start((folder) => jetstreamIn(folder));
  const nc = await connect({ servers: `127.0.0.1:${server.port}` });
  try {
    const jsm = await jetstreamManager(nc);
    await jsm.streams.add({ name: 'theirs', subjects: ['mqbench.>'] });
    await using told = await runOn({ nats: target(server) });
    told.refuses({ nats: /refused: subjects overlap with an existing stream$/ });
    assert.equal((await jsm.streams.info('theirs')).state.messages, 0);
  } finally {
    await nc.close();
  }
});

test('given a store that fills up in the middle of a run, then the sends fail, and it is said why', async (t) => {
  if (!(await isTested(t, 'nats'))) return;
  await using server = await NatsServer.start((folder) => jetstreamIn(folder, ', max_file_store: 1M'));
  await using told = await runOn({ nats: target(server) });
  const { ledger } = await told.fails(
    /^\d+ sends were not acknowledged: not stored: insufficient resources; .*max_file_store/,
  );
  assert.deepEqual([ledger.lost, ledger.unknown, ledger.backlog], [0, 0, 0]);
});

test('given a server that is killed in the middle of a run, then what it delivers again comes without a mark, and that is no breach', async (t) => {
  if (!(await isTested(t, 'nats'))) return;
  await using server = await NatsServer.start((folder) => jetstreamIn(folder));
  const inPhase = async (): Promise<void> => {
    await sleep(1000);
    await server.restart();
  };
  await using told = await runOn({ nats: target(server) }, { work: '100ms', inPhase });
  const { ledger, verdict, warnings } = await told.trial();
  t.diagnostic(`${verdict}: ${warnings.join('; ')}`);
  assert.ok(ledger.silentDuplicates > 0, JSON.stringify({ ...ledger, examples: undefined }));
  assert.notEqual(verdict, 'incorrect');
  assert.deepEqual([ledger.lost, ledger.phantom, ledger.resurrected], [0, 0, 0]);
});
