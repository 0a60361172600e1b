import { z } from 'zod';
import { parseShare, parseSizeBytes, quantity, wholeNumber } from '../../yaml/index.ts';

const keys = z
  .strictObject({
    count: wholeNumber({
      least: 1,
      most: 10_000_000,
      description: 'how many keys there are; the order of messages is kept per key',
      examples: [10_000],
    }).prefault(10_000),
    distribution: z
      .enum(['uniform', 'zipf', 'hot'])
      .default('uniform')
      .describe('uniform: all alike; zipf: a few are popular (theta); hot: one takes a share'),
    theta: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .describe('zipf only: how skewed, more than 0 and less than 1 (default 0.99, as YCSB)'),
    share: quantity({
      noun: 'share',
      parse: parseShare,
      least: '0%',
      most: '100%',
      description: 'hot only: what the one hot key takes of the messages',
      examples: ['30%'],
    }).optional(),
  })
  .describe('the keys of the messages');

export const messages = z
  .strictObject({
    size: quantity({
      noun: 'size',
      parse: parseSizeBytes,
      least: '64B',
      most: '64MiB',
      because: 'the identity of a message takes 36 bytes',
      description: 'payload of a message, its identity included',
      examples: ['1KiB', '100B', '1MB'],
    }),
    keys: keys.prefault({}),
  })
  .describe('what is sent');
