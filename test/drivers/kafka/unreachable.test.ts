import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kafkaConfigSchema } from '../../../src/drivers/kafka/config.ts';
import { unreachable } from '../../../src/drivers/kafka/unreachable.ts';

const sasl = { mechanism: 'scram-sha-256', username: 'ann', password: 'kept-to-itself' };

/** What the target has, what the client said, and what becomes of it. The words were seen on Kafka 4.1, but for those marked. */
const cases = [
  [
    {},
    'connect ECONNREFUSED 127.0.0.1:9092',
    'kafka.unreachable',
    /^cannot reach kafka at 127\.0\.0\.1:9092: /,
  ],
  [{ sasl }, 'connect ECONNREFUSED 127.0.0.1:9092', 'kafka.unreachable', /^cannot reach kafka/],
  [{ tls: true }, 'connect ECONNREFUSED 127.0.0.1:9092', 'kafka.unreachable', /^cannot reach kafka/],
  [{ sasl }, 'Request is not valid given the current SASL state', 'kafka.authentication', /asks for no user/],
  // by Kafka's table of errors
  [{ sasl }, 'SASL Authentication failed.', 'kafka.authentication', /does not let in ann by scram-sha-256/],
  [
    { tls: true },
    'Client network socket disconnected before secure TLS connection was established',
    'kafka.tls',
    /does not speak TLS/,
  ],
  // by Node's table of errors
  [{ tls: true }, 'self-signed certificate in certificate chain', 'kafka.tls', /is not trusted/],
] as const;

for (const [target, said, code, message] of cases) {
  test(`given a target with ${Object.keys(target).join() || 'nothing'}, when a client says '${said}', then it is ${code}`, () => {
    const wrapped = new AggregateError(
      [new Error('connection failed', { cause: new Error(said) })],
      'tried 4 times',
    );
    const error = unreachable(kafkaConfigSchema.parse(target), wrapped);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.ok(error.message.endsWith(said));
    assert.ok(!error.message.includes(sasl.password));
    assert.equal(error.exitCode, 3);
  });
}
