import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { conduct, realise } from '../../../src/drivers/nats/contract.ts';
import { CONTRACTS } from '../../../src/scenario/index.ts';

type Circumstances = readonly [server: Parameters<typeof realise>[1], syncing: Parameters<typeof realise>[2]];

/** relation, effective contract and copies; or the reason of the refusal */
function outcomes(...circumstances: Circumstances): Record<string, string> {
  return Object.fromEntries(
    CONTRACTS.map((contract) => {
      try {
        const { relation, effective, replicas } = realise(contract, ...circumstances);
        return [contract, relation === 'exact' ? `exact R${replicas}` : `${effective} R${replicas}`];
      } catch (error) {
        assert.ok(error instanceof Error && error.name === 'ContractRefused', String(error));
        return [contract, error.message.replace(/^.*refused: /, '')];
      }
    }),
  );
}

const TOO_OLD = 'NATS 2.9.10 acknowledges before fsync; sync_interval: always is of 2.10';
const NOT_SEEN = 'not every NATS server was seen to run with sync_interval: always';
const TOO_FEW = '1 NATS server cannot hold three copies';

describe('what JetStream makes of a contract', () => {
  test('given one server of 2.9, then an answer from the page cache is the most', () => {
    assert.deepEqual(outcomes({ version: '2.9.10', nodes: 1 }, 'not always'), {
      'fire-and-forget': 'exact R1',
      'leader-acked': 'exact R1',
      'replicated-acked': TOO_FEW,
      'fsynced-acked': TOO_OLD,
      'replicated-fsynced-acked': TOO_FEW,
      'effectively-once': TOO_FEW,
    });
  });

  test('given three servers of 2.9, then copies and ids, and no fsync', () => {
    assert.deepEqual(outcomes({ version: '2.9.10', nodes: 3 }, 'not always'), {
      'fire-and-forget': 'exact R1',
      'leader-acked': 'exact R1',
      'replicated-acked': 'exact R3',
      'fsynced-acked': TOO_OLD,
      'replicated-fsynced-acked': TOO_OLD,
      'effectively-once': 'exact R3',
    });
  });

  test('given three servers that say they sync always, then every acknowledgement comes after fsync', () => {
    assert.deepEqual(outcomes({ version: '2.11.10', nodes: 3 }, 'always'), {
      'fire-and-forget': 'exact R1',
      'leader-acked': 'fsynced-acked R1',
      'replicated-acked': 'replicated-fsynced-acked R3',
      'fsynced-acked': 'exact R1',
      'replicated-fsynced-acked': 'exact R3',
      'effectively-once': 'exact R3',
    });
  });

  test('given a new server that was not seen to sync, then fsync is refused; not asked, it is what it may be', () => {
    const server = { version: '2.10.0', nodes: 3 };
    assert.equal(outcomes(server, 'not always')['fsynced-acked'], NOT_SEEN);
    assert.equal(outcomes(server, 'not always')['replicated-fsynced-acked'], NOT_SEEN);
    assert.equal(outcomes(server, 'not asked')['fsynced-acked'], 'exact R1');
  });

  test('given a contract, then only effectively-once sends again, and only fire-and-forget awaits nothing', () => {
    const sendingAgain = CONTRACTS.filter((contract) => conduct(contract).sentAgain);
    const awaitingNothing = CONTRACTS.filter((contract) => !conduct(contract).acknowledged);
    assert.deepEqual([sendingAgain, awaitingNothing], [['effectively-once'], ['fire-and-forget']]);
  });
});
