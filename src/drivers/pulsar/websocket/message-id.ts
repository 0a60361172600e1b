import type { Position } from '../client.ts';

/** Where a message is. */
export interface MessagePosition extends Position {
  /** whether it is the last message of its entry, which may be a batch */
  readonly isLast: boolean;
}

/** Fields of MessageIdData in PulsarApi.proto that are needed; all of its fields but ack_set are varints. */
const LEDGER_ID = 1;
const ENTRY_ID = 2;
const BATCH_INDEX = 4;
const BATCH_SIZE = 6;

/**
 * From a message id as the WebSocket API gives it: base64 of a protobuf.
 * @throws TypeError for what is none
 */
export function positionOf(messageId: string): MessagePosition {
  const bytes = Buffer.from(messageId, 'base64');
  const fields = new Map<number, number>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new TypeError(`no message id: ${messageId}`);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    if ((tag & 7) !== 0) throw new TypeError(`a message id with other fields than numbers: ${messageId}`);
    fields.set(tag >>> 3, varint());
  }
  const [ledgerId, entryId] = [fields.get(LEDGER_ID), fields.get(ENTRY_ID)];
  if (ledgerId === undefined || entryId === undefined) throw new TypeError(`no message id: ${messageId}`);
  const size = fields.get(BATCH_SIZE) ?? 0;
  return { ledgerId, entryId, isLast: size === 0 || fields.get(BATCH_INDEX) === size - 1 };
}
