import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { redisConfigSchema } from '../../../src/drivers/redis/config.ts';
import { Overdue } from '../../../src/drivers/within.ts';
import { connectFailure, sendFailure } from '../../../src/drivers/redis/failure.ts';

const config = redisConfigSchema.parse({ username: 'me', password: 's3cret' });

describe('what became of a message', () => {
  const cases = [
    ["OOM command not allowed when used memory > 'maxmemory'.", 'failed'],
    ["READONLY You can't write against a read only replica.", 'failed'],
    ['LOADING Redis is loading the dataset in memory', 'failed'],
    ['MISCONF Errors writing to the AOF file: No space left on device', 'failed'],
    ["NOPERM this user has no permissions to run the 'xadd' command", 'refused'],
    ['WRONGTYPE Operation against a key holding the wrong kind of value', 'refused'],
    ['Socket closed unexpectedly', 'unknown'],
    ['The client is closed', 'unknown'],
  ] as const;
  for (const [text, outcome] of cases) {
    test(`${text}: ${outcome}`, () => {
      const failure = sendFailure(new Error(text));
      assert.equal(failure.outcome, outcome);
      assert.ok(failure.message.includes(text));
    });
  }
  test('a system error is no reply, whatever it begins with', () => {
    const reset = Object.assign(new Error('READ ECONNRESET'), { code: 'ECONNRESET' });
    assert.equal(sendFailure(reset).outcome, 'unknown');
  });
});

describe('why there is no connection', () => {
  const cases = [
    [
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      'no Redis at 127.0.0.1:6379: connection refused',
    ],
    [
      new Error('WRONGPASS invalid username-password pair or user is disabled.'),
      'Redis at 127.0.0.1:6379 refused the login of user me',
    ],
    [new Error('NOAUTH Authentication required.'), 'Redis at 127.0.0.1:6379 refused the login of user me'],
  ] as const;
  for (const [error, message] of cases) {
    test(message, () => {
      const failure = connectFailure(error, config);
      assert.equal(failure.message, message);
      assert.equal(failure.exitCode, 3);
      assert.ok(!`${failure.message} ${failure.hint}`.includes('s3cret'));
    });
  }

  test('a listener without an answer is something else, or one without TLS where TLS is asked for', () => {
    const overdue = new Overdue('an answer', 5000);
    assert.match(connectFailure(overdue, config).message, /^what listens at .* does not answer as Redis: /);
    assert.equal(connectFailure(overdue, { ...config, tls: true }).code, 'driver.tls');
  });
});
