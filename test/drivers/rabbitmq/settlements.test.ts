import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Channel, ConsumeMessage } from 'amqplib';
import fc from 'fast-check';
import { Settlements } from '../../../src/drivers/rabbitmq/settlements.ts';
import type { Settlement } from '../../../src/drivers/index.ts';

/** A server's side of a channel: knows what is unsettled, and refuses what a real one would refuse. */
class ServerChannel extends EventEmitter {
  readonly unsettled = new Set<number>();
  readonly requeued: number[] = [];
  readonly dropped: number[] = [];
  frames = 0;

  deliver(tag: number): ConsumeMessage {
    this.unsettled.add(tag);
    return { fields: { deliveryTag: tag } } as ConsumeMessage;
  }

  ack({ fields }: ConsumeMessage, allUpTo = false): void {
    this.frames++;
    assert.ok(this.unsettled.has(fields.deliveryTag), `unknown delivery tag ${fields.deliveryTag}`);
    for (const tag of this.unsettled) {
      if (tag === fields.deliveryTag || (allUpTo && tag < fields.deliveryTag)) this.unsettled.delete(tag);
    }
  }

  reject({ fields }: ConsumeMessage, requeue: boolean): void {
    this.frames++;
    assert.ok(this.unsettled.delete(fields.deliveryTag), `unknown delivery tag ${fields.deliveryTag}`);
    (requeue ? this.requeued : this.dropped).push(fields.deliveryTag);
  }
}

function given(deliveries: number): {
  readonly server: ServerChannel;
  readonly settlements: Settlements;
  readonly settle: (tag: number, settlement: Settlement) => void;
} {
  const server = new ServerChannel();
  const settlements = new Settlements(server as unknown as Channel);
  const messages = new Map<number, ConsumeMessage>();
  for (let tag = 1; tag <= deliveries; tag++) {
    messages.set(tag, server.deliver(tag));
    settlements.received();
  }
  const settle = (tag: number, settlement: Settlement): void => {
    const message = messages.get(tag);
    assert.ok(message);
    settlements.settle(message, settlement);
  };
  return { server, settlements, settle };
}

describe('settling the deliveries of a channel', () => {
  test('given a hundred done in one turn, then one frame acknowledges them', async () => {
    const { server, settlements, settle } = given(100);
    for (let tag = 1; tag <= 100; tag++) settle(tag, 'done');
    assert.equal(settlements.unsettled, 100, 'until the end of the turn');
    await turn();
    assert.equal(server.frames, 1);
    assert.equal(settlements.unsettled, 0);
  });

  test('given one that is slow, then those after it are acknowledged and it is not', async () => {
    const { server, settle } = given(5);
    for (const tag of [1, 3, 4, 5]) settle(tag, 'done');
    await turn();
    assert.deepEqual([...server.unsettled], [2]);
    settle(2, 'done');
    await turn();
    assert.deepEqual([...server.unsettled], []);
  });

  test('given retry and reject, then each goes its way at once', () => {
    const { server, settle } = given(3);
    settle(2, 'retry');
    settle(3, 'reject');
    assert.deepEqual([server.requeued, server.dropped], [[2], [3]]);
  });

  test('given that the channel ended, then nothing more is sent', async () => {
    const { server, settlements, settle } = given(3);
    settle(1, 'done');
    server.emit('close');
    settle(2, 'retry');
    settlements.flush();
    await turn();
    assert.equal(server.frames, 0);
  });

  test('given any order of settlements over any turns, then the server knows exactly those, each once', async () => {
    const settlement = fc.constantFrom<Settlement>('done', 'done', 'done', 'retry', 'reject');
    const plan = fc.integer({ min: 1, max: 40 }).chain((deliveries) =>
      fc.record({
        order: fc.shuffledSubarray(Array.from({ length: deliveries }, (_, index) => index + 1)),
        settlements: fc.array(settlement, { minLength: deliveries, maxLength: deliveries }),
        turnsAfter: fc.array(fc.boolean(), { minLength: deliveries, maxLength: deliveries }),
        deliveries: fc.constant(deliveries),
      }),
    );
    await fc.assert(
      fc.asyncProperty(plan, async ({ order, settlements: answers, turnsAfter, deliveries }) => {
        const { server, settlements, settle } = given(deliveries);
        const settled = new Set<number>();
        for (const [index, tag] of order.entries()) {
          settle(tag, answers[index] ?? 'done');
          settled.add(tag);
          if (turnsAfter[index] !== true) continue;
          settlements.flush();
          const left = Array.from({ length: deliveries }, (_, at) => at + 1).filter(
            (each) => !settled.has(each),
          );
          assert.deepEqual([...server.unsettled], left);
          assert.equal(settlements.unsettled, left.length);
        }
        settlements.flush();
        assert.equal(server.unsettled.size, deliveries - order.length);
      }),
    );
  });
});
