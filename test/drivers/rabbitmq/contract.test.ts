import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  conduct,
  copiesOf,
  defaultMaxMessageBytes,
  realise,
} from '../../../src/drivers/rabbitmq/contract.ts';
import { CONTRACTS } from '../../../src/scenario/index.ts';

/** `exact`, `exceeds …`, or the reason of the refusal */
function outcome(...[contract, circumstances]: Parameters<typeof realise>): string {
  try {
    const { relation, effective } = realise(contract, circumstances);
    return relation === 'exact' ? 'exact' : `exceeds with ${effective}`;
  } catch (error) {
    assert.ok(error instanceof Error && error.name === 'ContractRefused', String(error));
    return 'refused';
  }
}

function outcomes(circumstances: Parameters<typeof realise>[1]): Record<string, string> {
  return Object.fromEntries(CONTRACTS.map((contract) => [contract, outcome(contract, circumstances)]));
}

describe('what RabbitMQ makes of a contract', () => {
  test('given quorum queues on one node, then one flushed copy is the most', () => {
    assert.deepEqual(outcomes({ queueType: 'quorum', nodes: 1, version: '3.10.8' }), {
      'fire-and-forget': 'exact',
      'leader-acked': 'exceeds with fsynced-acked',
      'replicated-acked': 'refused',
      'fsynced-acked': 'exact',
      'replicated-fsynced-acked': 'refused',
      'effectively-once': 'refused',
    });
  });

  test('given quorum queues on three nodes, then a majority flushes', () => {
    assert.deepEqual(outcomes({ queueType: 'quorum', nodes: 3, version: '4.1.4' }), {
      'fire-and-forget': 'exact',
      'leader-acked': 'exceeds with fsynced-acked',
      'replicated-acked': 'exceeds with replicated-fsynced-acked',
      'fsynced-acked': 'exact',
      'replicated-fsynced-acked': 'exact',
      'effectively-once': 'refused',
    });
  });

  test('given classic queues, then fsynced-acked is exact up to 3.12 and refused from 3.13', () => {
    const upTo312 = {
      'fire-and-forget': 'exact',
      'leader-acked': 'exact',
      'replicated-acked': 'refused',
      'fsynced-acked': 'exact',
      'replicated-fsynced-acked': 'refused',
      'effectively-once': 'refused',
    };
    for (const version of ['3.8.9', '3.10.8', '3.12.14']) {
      assert.deepEqual(outcomes({ queueType: 'classic', nodes: 3, version }), upTo312, version);
    }
    for (const version of ['3.13.0', '4.0.1', '4.3.5-rc.1', '5.0.0']) {
      const expected = { ...upTo312, 'fsynced-acked': 'refused' };
      assert.deepEqual(outcomes({ queueType: 'classic', nodes: 3, version }), expected, version);
    }
  });

  test('given a server from before quorum queues, which would make classic ones without a word, then it is refused', () => {
    for (const contract of ['fire-and-forget', 'leader-acked', 'fsynced-acked'] as const) {
      const older = { queueType: 'quorum', nodes: 1, version: '3.7.28' } as const;
      assert.throws(() => realise(contract, older), {
        name: 'ContractRefused',
        exitCode: 3,
        message: `contract ${contract} refused: RabbitMQ 3.7.28 has no quorum queues (since 3.8)`,
        hint: 'use queueType: classic, or a newer server',
      });
      realise(contract, { ...older, version: '3.8.0' });
      if (contract !== 'fsynced-acked') realise(contract, { ...older, queueType: 'classic' });
    }
  });

  test('given fsynced-acked on classic queues, then the queue version that flushes is pinned where there is a choice', () => {
    const versionOf = (version: string): unknown =>
      realise('fsynced-acked', { queueType: 'classic', nodes: 1, version }).queueArguments['x-queue-version'];
    assert.equal(versionOf('3.9.29'), undefined);
    assert.equal(versionOf('3.10.8'), 1);
    assert.equal(versionOf('3.12.0'), 1);
  });

  test('given a cluster and a contract of one node, then the quorum queue has one member', () => {
    const membersOf = (contract: Parameters<typeof realise>[0]): unknown =>
      realise(contract, { queueType: 'quorum', nodes: 5, version: '3.13.0' }).queueArguments[
        'x-quorum-initial-group-size'
      ];
    assert.equal(membersOf('fsynced-acked'), 1);
    assert.equal(membersOf('replicated-acked'), 3);
  });

  test('given streams, then what is written is the most, of one copy or of three', () => {
    const oneNode = {
      'fire-and-forget': 'exact',
      'leader-acked': 'exact',
      'replicated-acked': 'refused',
      'fsynced-acked': 'refused',
      'replicated-fsynced-acked': 'refused',
      'effectively-once': 'refused',
    };
    for (const version of ['3.10.8', '4.3.0']) {
      assert.deepEqual(outcomes({ queueType: 'stream', nodes: 1, version }), oneNode);
      assert.deepEqual(outcomes({ queueType: 'stream', nodes: 2, version }), oneNode);
      const expected = { ...oneNode, 'replicated-acked': 'exact' };
      assert.deepEqual(outcomes({ queueType: 'stream', nodes: 3, version }), expected);
    }
  });

  test('given a flushed contract on streams, then the refusal says that they never flush', () => {
    const circumstances = { queueType: 'stream', nodes: 3, version: '3.10.8' } as const;
    for (const contract of ['fsynced-acked', 'replicated-fsynced-acked'] as const) {
      assert.throws(() => realise(contract, circumstances), /written and never flushes it/);
    }
  });

  test('given a type of queue, then its copies are those of its own argument', () => {
    const copies = (
      queueType: 'quorum' | 'classic' | 'stream',
      contract: 'leader-acked' | 'replicated-acked',
    ) => copiesOf(realise(contract, { queueType, nodes: 3, version: '3.10.8' }).queueArguments);
    assert.equal(copies('quorum', 'replicated-acked'), 3);
    assert.equal(copies('stream', 'replicated-acked'), 3);
    assert.equal(copies('stream', 'leader-acked'), 1);
    assert.equal(copies('classic', 'leader-acked'), undefined);
  });

  test('given 4.0 or later, then a quorum queue redelivers without limit, as before', () => {
    const limitOf = (version: string): unknown =>
      realise('leader-acked', { queueType: 'quorum', nodes: 1, version }).queueArguments['x-delivery-limit'];
    assert.equal(limitOf('3.13.7'), undefined);
    assert.equal(limitOf('4.0.0'), -1);
  });
});

describe('how producers and consumers behave under a contract', () => {
  test('given fire-and-forget, then neither side acknowledges', () => {
    assert.deepEqual(conduct('fire-and-forget', 'quorum'), { confirms: false, deliveryMode: 2, noAck: true });
    assert.deepEqual(conduct('fire-and-forget', 'classic'), {
      confirms: false,
      deliveryMode: 1,
      noAck: true,
    });
  });

  test('given a stream, then its consumer acknowledges under any contract, for the server insists', () => {
    assert.deepEqual(conduct('fire-and-forget', 'stream'), {
      confirms: false,
      deliveryMode: 2,
      noAck: false,
    });
    assert.deepEqual(conduct('leader-acked', 'stream'), { confirms: true, deliveryMode: 2, noAck: false });
  });

  test('given leader-acked on a classic queue, then messages are transient, and persistent for more', () => {
    assert.deepEqual(conduct('leader-acked', 'classic'), { confirms: true, deliveryMode: 1, noAck: false });
    assert.deepEqual(conduct('fsynced-acked', 'classic'), { confirms: true, deliveryMode: 2, noAck: false });
  });
});

test('given a server version, then its default limit of a message is known', () => {
  assert.equal(defaultMaxMessageBytes('3.10.8'), 134_217_728);
  assert.equal(defaultMaxMessageBytes('4.1.4'), 16_777_216);
});
