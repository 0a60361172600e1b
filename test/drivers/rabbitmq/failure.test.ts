import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connectFailure, isGone, sizeRefusal } from '../../../src/drivers/rabbitmq/failure.ts';
import type { Endpoint } from '../../../src/drivers/rabbitmq/endpoint.ts';

const endpoint: Endpoint = {
  address: '127.0.0.1:5672',
  tls: false,
  hostname: '127.0.0.1',
  port: 5672,
  username: 'me',
  password: 's3cret',
  vhost: '/shop',
};

function closed(code: number, text: string): Error {
  return Object.assign(new Error(`Channel closed by server: ${code} with message "${text}"`), { code });
}

describe('why there is no connection', () => {
  const cases = [
    [
      'nothing listens',
      Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5672'), { code: 'ECONNREFUSED' }),
      'no RabbitMQ at 127.0.0.1:5672: connection refused',
    ],
    [
      'nothing listens on any address of a name, for which Node has no message',
      Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }),
      'no RabbitMQ at 127.0.0.1:5672: connection refused',
    ],
    [
      'the password is wrong',
      new Error(
        'Handshake terminated by server: 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused"',
      ),
      'RabbitMQ at 127.0.0.1:5672 refused the login of user me',
    ],
    [
      'there is no such virtual host',
      new Error('Expected ConnectionOpenOk; got <ConnectionClose channel:0>'),
      'RabbitMQ at 127.0.0.1:5672 has no virtual host /shop for user me',
    ],
  ] as const;
  for (const [given, error, message] of cases) {
    test(`given that ${given}, then it says so and not the password`, () => {
      const failure = connectFailure(error, endpoint);
      assert.equal(failure.message, message);
      assert.equal(failure.exitCode, 3);
      assert.ok(!`${failure.stack} ${failure.hint}`.includes('s3cret'));
    });
  }
});

describe('why the server closed a channel', () => {
  test('given a message over the limit, then the limit is learnt', () => {
    const text = 'PRECONDITION_FAILED - message size 21000000 is larger than configured max size 20000000';
    assert.deepEqual(sizeRefusal(closed(406, text)), { sizeBytes: 21_000_000, maxBytes: 20_000_000 });
    assert.equal(sizeRefusal(closed(406, 'PRECONDITION_FAILED - unknown delivery tag 7')), undefined);
    assert.equal(sizeRefusal(undefined), undefined);
  });

  test('given a queue that was deleted, then it is gone; given one whose node is down, then it is not', () => {
    assert.equal(isGone(closed(404, "NOT_FOUND - no queue 'q' in vhost '/'")), true);
    assert.equal(
      isGone(closed(404, "NOT_FOUND - home node 'b@x' of durable queue 'q' is down or inaccessible")),
      false,
    );
    assert.equal(isGone(closed(405, 'RESOURCE_LOCKED - no queue is yours')), false);
  });
});
