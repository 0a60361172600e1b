import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { redisConfigSchema } from '../../../src/drivers/redis/config.ts';
import { mustSet, realise } from '../../../src/drivers/redis/contract.ts';
import { ContractRefused } from '../../../src/drivers/errors.ts';

const everysec = { appendonly: 'yes', appendfsync: 'everysec' };
const always = { appendonly: 'yes', appendfsync: 'always' };
const off = { appendonly: 'no', appendfsync: 'always' };

describe('what a contract comes to', () => {
  const cases = [
    ['fire-and-forget', everysec, 'fire-and-forget', 'exact'],
    ['leader-acked', off, 'leader-acked', 'exact'],
    ['leader-acked', everysec, 'leader-acked', 'exact'],
    ['leader-acked', always, 'fsynced-acked', 'exceeds'],
    ['fsynced-acked', always, 'fsynced-acked', 'exact'],
  ] as const;
  for (const [contract, persistence, effective, relation] of cases) {
    const { appendonly, appendfsync } = persistence;
    test(`${contract} with appendonly ${appendonly} and appendfsync ${appendfsync} is ${relation}ly ${effective}`, () => {
      assert.deepEqual(realise(contract, persistence), { effective, relation });
    });
  }
});

describe('what is refused', () => {
  const cases = [
    ['fsynced-acked', everysec, /appendonly yes, appendfsync everysec/],
    ['fsynced-acked', off, /appendonly no, appendfsync always/],
    ['replicated-acked', always, /WAIT/],
    ['replicated-fsynced-acked', always, /WAITAOF/],
    ['effectively-once', always, /stored again/],
  ] as const;
  for (const [contract, persistence, reason] of cases) {
    test(`${contract}, because of ${reason.source}`, () => {
      assert.throws(
        () => realise(contract, persistence),
        (error) => error instanceof ContractRefused && reason.test(error.message) && error.hint !== undefined,
      );
    });
  }
});

describe('whether the driver changes appendfsync', () => {
  const cases = [
    ['fsynced-acked', 'set', everysec, 'set'],
    ['fsynced-acked', 'set', always, 'keep'],
    ['leader-acked', 'set', always, 'set'],
    ['fsynced-acked', 'leave', everysec, 'keep'],
    // without a file there is nothing to flush, and turning it on would rewrite all that the server holds
    ['fsynced-acked', 'set', { appendonly: 'no', appendfsync: 'everysec' }, 'keep'],
  ] as const;
  for (const [contract, appendfsync, found, verdict] of cases) {
    test(`${contract}, allowed to ${appendfsync}, found ${found.appendonly} ${found.appendfsync}: ${verdict}`, () => {
      assert.equal(mustSet(contract, redisConfigSchema.parse({ appendfsync }), found), verdict);
    });
  }
});
