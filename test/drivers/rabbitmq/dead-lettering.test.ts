import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadLetterArguments } from '../../../src/drivers/rabbitmq/dead-lettering.ts';

test('given five attempts, then the fifth return is one too many, and nothing is lost on the way', () => {
  const args = deadLetterArguments({ topic: 'orders', name: 'billing' }, { maxAttempts: 5, delayMs: 100 });
  assert.deepEqual(args, {
    'x-dead-letter-exchange': 'orders.dead-billing',
    'x-dead-letter-routing-key': '0',
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
    'x-delivery-limit': 4,
  });
});
