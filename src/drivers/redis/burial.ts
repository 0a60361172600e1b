import { deadLettersOf } from '../dead-letters.ts';
import type { OutgoingMessage, Subscription } from '../driver.ts';
import { SendError } from '../errors.ts';
import type { Wire } from './connection.ts';
import { toFields } from './entry.ts';
import { sendFailure } from './failure.ts';
import { streamName } from './names.ts';

/**
 * Settles a message and stores its dead letter, both or neither. One that somebody has settled was buried
 * before, by an attempt whose reply was lost or by its former owner, and is not buried twice.
 * KEYS stream, stream of the dead letters. ARGV group, id, `settle` or `settled`, field, value ….
 */
const BURY = `
if redis.call('EXISTS', KEYS[2]) == 0 then return redis.error_reply('NOSTREAM no stream ' .. KEYS[2]) end
if ARGV[3] == 'settle' and redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 4))
return 1`;

/** Where a message is that becomes a dead letter. */
export interface Grave {
  readonly subscription: Subscription;
  readonly stream: string;
  readonly id: string;
  /** `settled`: the server has forgotten that it gave it out */
  readonly mode: 'settle' | 'settled';
}

/** Rejects with a SendError when it is not certain. */
export async function bury(wire: Wire | undefined, grave: Grave, letter: OutgoingMessage): Promise<void> {
  if (wire === undefined) throw new SendError('failed', 'no connection');
  const { subscription, stream, id, mode } = grave;
  const dead = streamName(deadLettersOf(subscription).topic, 0);
  try {
    const fields = toFields(letter.payload, letter.headers);
    await wire.call(['EVAL', BURY, '2', stream, dead, subscription.name, id, mode, ...fields]);
  } catch (error) {
    throw sendFailure(error);
  }
}
