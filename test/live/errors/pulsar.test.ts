import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTested } from '../fixtures/running.ts';
import { PulsarServer, tokenOf } from './pulsar-server.ts';
import { runOn, type Config } from './told.ts';

test('given a broker that wants a token, when a target has none, a wrong one or one of too little, then each is told so', async (t) => {
  if (!(await isTested(t, 'pulsar'))) return;
  await using server = await PulsarServer.start();
  const { webPort, brokerPort } = server;
  const admin = tokenOf('admin');
  const stranger = tokenOf('admin', Buffer.from('a secret of somebody else, of more than 256 bits'));
  const target = (client: string, more: Config): Config => ({
    driver: 'pulsar',
    client,
    adminUrl: `http://127.0.0.1:${webPort}`,
    serviceUrl: `pulsar://127.0.0.1:${brokerPort}`,
    ...more,
  });
  await using told = await runOn({
    missing: target('websocket', {}),
    forged: target('websocket', { token: stranger }),
    nobody: target('native', { token: tokenOf('nobody') }),
    tls: target('websocket', { token: admin, adminUrl: `https://127.0.0.1:${webPort}` }),
    service: target('native', { token: admin, serviceUrl: `pulsar+ssl://127.0.0.1:${brokerPort}` }),
  });
  told.refuses({
    missing: /answered 401 to GET /,
    forged: /answered 401 to GET /,
    nobody: /answered 401 .*super-user/,
    tls: /does not speak TLS$/,
    service: /^pulsar at pulsar\+ssl:\/\/127\.0\.0\.1:\d+: /,
  });
  assert.match(told.ran.stderr, /^ {2}give the target a super-user's token/m);
  for (const token of [admin, stranger]) assert.ok(!told.ran.stderr.includes(token));
});
