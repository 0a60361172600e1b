import type { Msg } from '@nats-io/transport-node';
import { type DeadLetterNote, noteHeaders } from '../dead-letters.ts';
import type { OutgoingMessage, Subscription } from '../driver.ts';
import type { DeliveryFacts } from './delivery.ts';
import { fromMsgHdrs } from './headers.ts';

/**
 * A delivery as a dead letter. Its id is that of the place it comes from, so that one that is buried twice,
 * by a consumer that died in between and by its successor, is stored once.
 */
export function deadLetter(
  { data, headers }: Pick<Msg, 'data' | 'headers'>,
  { stream, durable, deliveryCount, streamSequence }: DeliveryFacts,
  reason: DeadLetterNote['reason'],
  origin: Subscription,
): OutgoingMessage {
  const own = Object.entries(fromMsgHdrs(headers) ?? {}).filter(([name]) => !name.startsWith('Nats-'));
  return {
    key: undefined,
    payload: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    id: `${stream}/${durable}/${streamSequence}`,
    headers: { ...Object.fromEntries(own), ...noteHeaders({ reason, attempts: deliveryCount, origin }) },
  };
}
