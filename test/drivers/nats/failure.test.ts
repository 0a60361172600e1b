import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { natsConfigSchema } from '../../../src/drivers/nats/config.ts';
import { parseEndpoint } from '../../../src/drivers/nats/endpoint.ts';
import { connectFailure, isGone, sendFailure } from '../../../src/drivers/nats/failure.ts';

function apiError(errorCode: number, description: string): JetStreamApiError {
  return new JetStreamApiError({ code: 400, err_code: errorCode, description });
}

describe('what became of a publish', () => {
  test('given an error of the client or the server, then the outcome is what can be known', () => {
    const outcomes: readonly (readonly [unknown, string])[] = [
      [new errors.InvalidArgumentError("'payload' max_payload size exceeded"), 'refused'],
      [new errors.PermissionViolationError('no', 'publish', 'a'), 'refused'],
      [apiError(10_054, 'message size exceeds maximum allowed'), 'refused'],
      [apiError(10_077, 'maximum messages exceeded'), 'failed'],
      [new errors.NoRespondersError('a.0'), 'failed'],
      [new errors.RequestError('no responders', { cause: new errors.NoRespondersError('a.0') }), 'failed'],
      [new errors.ClosedConnectionError(), 'failed'],
      [new errors.DrainingConnectionError(), 'failed'],
      [new errors.TimeoutError(), 'unknown'],
      [new errors.RequestError('closed', { cause: new errors.ClosedConnectionError() }), 'unknown'],
      [new errors.ConnectionError('disconnect'), 'unknown'],
      ['whatever', 'unknown'],
    ];
    for (const [error, outcome] of outcomes) assert.equal(sendFailure(error).outcome, outcome, String(error));
  });

  test('given an API error that a stream is not there, then it is gone; another is not', () => {
    assert.equal(isGone(new errors.TimeoutError()), false);
    assert.equal(isGone(apiError(10_077, 'maximum messages exceeded')), false);
  });
});

describe('the address', () => {
  test('given URLs with a login, then the address that is printed has none of it', () => {
    const endpoint = parseEndpoint('nats://ann:s%40crt@a.example,nats://b.example:5222');
    assert.equal(endpoint?.address, 'a.example:4222,b.example:5222');
    assert.deepEqual(endpoint?.login, { user: 'ann', pass: 's@crt', token: undefined });
    assert.equal(parseEndpoint('tls://t0ken@a.example')?.login.token, 't0ken');
    assert.equal(parseEndpoint('tls://t0ken@a.example')?.tls, true);
  });

  test('given what is no NATS URL, then the error does not quote it', () => {
    for (const url of ['', 'amqp://a', 'nats://', 'nats://a,', 'nats://u:s3cret%@a', 'http://a']) {
      const read = natsConfigSchema.safeParse({ url });
      assert.equal(read.success, false, url);
      assert.doesNotMatch(read.error?.message ?? '', /s3cret/);
    }
    assert.equal(natsConfigSchema.parse({}).url, 'nats://127.0.0.1:4222');
  });

  test('given nobody there, then the error names the address and how to start it', () => {
    const endpoint = parseEndpoint('nats://ann:s3cret@127.0.0.1:5222');
    assert.ok(endpoint !== undefined);
    const failure = connectFailure(new errors.ConnectionError('connection refused'), endpoint);
    assert.equal(failure.exitCode, 3);
    assert.match(failure.message, /127\.0\.0\.1:5222.*refused/);
    assert.match(failure.hint ?? '', /mqbench up nats/);
    const login = connectFailure(new errors.AuthorizationError('Authorization Violation'), endpoint);
    assert.match(login.message, /refused the login/);
    assert.doesNotMatch(login.message + login.hint, /s3cret/);
  });
});
