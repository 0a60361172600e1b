import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  blockedFailure,
  channelFailure,
  connectFailure,
  isGone,
  isNotCreated,
  sizeRefusal,
} from '../../../src/drivers/rabbitmq/failure.ts';
import type { Endpoint } from '../../../src/drivers/rabbitmq/endpoint.ts';
import { UserError } from '../../../src/user-error.ts';

const endpoint: Endpoint = {
  address: '127.0.0.1:5672',
  tls: false,
  hostname: '127.0.0.1',
  port: 5672,
  username: 'me',
  password: 's3cret',
  vhost: '/shop',
};

function coded(code: string, text: string): Error {
  return Object.assign(new Error(text), { code });
}

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
    [
      'TLS is spoken to a port without',
      coded('ERR_SSL_WRONG_VERSION_NUMBER', '406D:error:0A00010B:SSL routines:wrong version number\n'),
      'RabbitMQ at 127.0.0.1:5672 does not speak TLS on this port',
    ],
    [
      'nobody vouches for the certificate',
      coded('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'),
      'RabbitMQ at 127.0.0.1:5672 has a certificate that is signed by itself, and by no authority known here',
    ],
    [
      'the port is that of the TLS listener',
      coded('ECONNRESET', 'read ECONNRESET'),
      'what listens at 127.0.0.1:5672 hangs up on AMQP without TLS: read ECONNRESET',
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

describe('why the server would not do something', () => {
  const refused = (method: string, kind: string, said = ''): Error =>
    closed(
      403,
      `Operation failed: ${method}; 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - ${said}access to ${kind} 'mqbench.x' in vhost '/shop' refused for user 'me'"`,
    );
  const table = [
    ['QueueDeclare', 'queue', 'configure'],
    ['ExchangeDeclare', 'exchange', 'configure'],
    ['QueueDelete', 'queue', 'configure'],
    ['QueueBind', 'queue', 'write'],
    ['QueueBind', 'exchange', 'read'],
    ['BasicConsume', 'queue', 'read'],
    ['QueuePurge', 'queue', 'read'],
  ] as const;
  for (const [method, kind, permission] of table) {
    test(`given ${method} refused on the ${kind}, then it names ${permission}, and how to grant it`, () => {
      const failure = channelFailure(refused(method, kind), '127.0.0.1:5672');
      assert.ok(failure instanceof UserError);
      assert.equal(
        failure.message,
        `RabbitMQ at 127.0.0.1:5672 does not let user me ${permission} the ${kind} mqbench.x in virtual host /shop`,
      );
      assert.equal(failure.exitCode, 3);
      assert.match(failure.hint ?? '', /rabbitmqctl set_permissions -p \/shop me /);
      assert.equal(isNotCreated(failure), permission === 'configure');
    });
  }

  test('given a publish refused, which closes the channel, then it is write; and what the server says goes first', () => {
    const text = "ACCESS_REFUSED - access to exchange 'amq.default' in vhost '/' refused for user 'me'";
    assert.match(
      String(channelFailure(closed(403, text), 'a:1')),
      /let user me write the exchange amq\.default/,
    );
    const failure = channelFailure(refused('QueueBind', 'queue', 'read '), 'a:1');
    assert.match(String(failure), /let user me read the queue/);
  });

  const differences = [
    [
      "inequivalent arg 'x-queue-type' for queue 'q' in vhost '/': received the value 'quorum' of type 'longstr' but current is none",
      'the queue q exists on RabbitMQ at a:1 with x-queue-type none, where quorum was asked for',
    ],
    [
      "inequivalent arg 'x-queue-type' for queue 'q' in vhost '/': received none but current is the value 'quorum' of type 'longstr'",
      'the queue q exists on RabbitMQ at a:1 with x-queue-type quorum, where none was asked for',
    ],
    [
      "inequivalent arg 'durable' for queue 'q' in vhost '/': received 'false' but current is 'true'",
      'the queue q exists on RabbitMQ at a:1 with durable true, where false was asked for',
    ],
    [
      "inequivalent arg 'type' for exchange 'q' in vhost '/': received 'fanout' but current is 'direct'",
      'the exchange q exists on RabbitMQ at a:1 with type direct, where fanout was asked for',
    ],
  ] as const;
  for (const [text, message] of differences) {
    test(`given ${text}, then it says what differs, and that it is not ours`, () => {
      const failure = channelFailure(closed(406, `PRECONDITION_FAILED - ${text}`), 'a:1');
      assert.ok(failure instanceof UserError);
      assert.deepEqual([failure.message, failure.exitCode], [message, 3]);
      assert.match(failure.hint ?? '', /delete/);
      assert.ok(isNotCreated(failure));
    });
  }

  test('given anything else, then it stays what it is', () => {
    const error = closed(406, 'PRECONDITION_FAILED - unknown delivery tag 7');
    assert.equal(channelFailure(error, 'a:1'), error);
    assert.equal(isNotCreated(error), false);
  });

  test('given an alarm, then the hint is about what is low', () => {
    const about = (reason: string) => blockedFailure(reason, 'a:1').hint ?? '';
    assert.match(about('low on memory'), /vm_memory_high_watermark/);
    assert.doesNotMatch(about('low on memory'), /disk/);
    assert.match(about('low on disk'), /set_disk_free_limit/);
    assert.doesNotMatch(about('low on disk'), /memory/);
    assert.match(about('low on disk & memory'), /vm_memory_high_watermark.*set_disk_free_limit/);
  });
});
