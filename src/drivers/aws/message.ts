import { createHash } from 'node:crypto';
import type { Message } from '@aws-sdk/client-sqs';
import type { Headers, OutgoingMessage, ReceivedMessage } from '../driver.ts';

/**
 * Bodies are text, so that a payload of bytes goes into a binary attribute, beside a body of one character.
 * AWS counts the bytes of an attribute as they are, against base64's third more in a body: 1,024 bytes count
 * 1,039 instead of 1,368, 1 MiB takes a payload of 1,048,561 bytes instead of 786,432, and a message of 48 to
 * 64 KiB is billed as one request instead of two. On the wire both are base64: this way takes 73 bytes more a
 * message in the JSON of SQS, and 242 more in the form of SNS.
 */
const PAYLOAD = '_payload';
const BODY = '-';
/** Text must not be empty. */
const EMPTY_TYPE = 'String.empty';

/**
 * Of a message and of all of a batch, for SQS (SendMessageBatch: "are both 1 MiB") and for a topic of SNS whose
 * MaximumMessageSize says so, which is 256 KiB otherwise
 * (https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html).
 */
export const MAX_BYTES = 1_048_576;

/**
 * AWS counts the bytes of a binary value, by its own Extended Client Library for Java (getMsgAttributesSize);
 * fauxqs 1.9.2 those of its base64 (sqsTypes, calculateMessageSize).
 */
export type Counting = 'bytes' | 'base64';

export function countingOf(product: string): Counting {
  return product === 'fauxqs' ? 'base64' : 'bytes';
}

interface Attribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

interface Content {
  readonly body: string;
  readonly attributes: Record<string, Attribute>;
}

export function contentOf({ payload, headers }: Pick<OutgoingMessage, 'payload' | 'headers'>): Content {
  const attributes: Record<string, Attribute> = {};
  // a binary value must not be empty either
  if (payload.length > 0) attributes[PAYLOAD] = { DataType: 'Binary', BinaryValue: payload };
  for (const [name, value] of Object.entries(headers ?? {})) {
    attributes[name] =
      value === '' ? { DataType: EMPTY_TYPE, StringValue: '-' } : { DataType: 'String', StringValue: value };
  }
  return { body: BODY, attributes };
}

/**
 * What counts against MAX_BYTES: the body, and "all parts of the message attribute, including Name, Type, and
 * Value" (API reference, MessageAttributeValue).
 */
export function countedBytes(
  message: Pick<OutgoingMessage, 'payload' | 'headers'>,
  counting: Counting,
): number {
  let bytes = BODY.length;
  for (const [name, { DataType, StringValue = '', BinaryValue }] of Object.entries(
    contentOf(message).attributes,
  )) {
    const binary = BinaryValue?.length ?? 0;
    bytes += Buffer.byteLength(name) + DataType.length + Buffer.byteLength(StringValue);
    bytes += counting === 'bytes' ? binary : 4 * Math.ceil(binary / 3);
  }
  return bytes;
}

/** The largest payload of a message without headers. */
export function maxPayloadBytes(counting: Counting): number {
  const room = MAX_BYTES - BODY.length - PAYLOAD.length - 'Binary'.length;
  return counting === 'bytes' ? room : 3 * Math.floor(room / 4);
}

export function receiveCount({ Attributes }: Message): number {
  return Number(Attributes?.ApproximateReceiveCount ?? 1);
}

export function receivedMessage(message: Message): ReceivedMessage {
  const headers: Record<string, string> = {};
  let payload: Uint8Array = new Uint8Array();
  for (const [name, value] of Object.entries(message.MessageAttributes ?? {})) {
    if (name === PAYLOAD) payload = value.BinaryValue ?? payload;
    else headers[name] = value.DataType === EMPTY_TYPE ? '' : (value.StringValue ?? '');
  }
  return {
    payload: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
    redelivered: receiveCount(message) > 1,
    headers: Object.keys(headers).length === 0 ? undefined : (headers satisfies Headers),
  };
}

/** What FIFO queues and topics want of a message beside its content. */
export interface FifoIdentity {
  readonly MessageGroupId: string;
  readonly MessageDeduplicationId: string;
}

/** A message without a key is a group of its own: it waits for no other, as it would on a standard queue. */
export function fifoIdentity(key: string | undefined, id: string): FifoIdentity {
  return { MessageGroupId: identifier(key ?? id), MessageDeduplicationId: identifier(id) };
}

/** Group and deduplication ids are 1 to 128 letters, digits and punctuation of ASCII; others are hashed. */
function identifier(text: string): string {
  if (/^[!-~]{1,128}$/.test(text)) return text;
  return createHash('sha256').update(text).digest('hex');
}

/** Of a message that asks whether a subscription is live: no consumer shows it to its handler. */
const PROBE = 'mqbench-probe';

export function probe(id: string): Content {
  return contentOf({ payload: Buffer.alloc(0), headers: { [PROBE]: id } });
}

/** The id of a probe; undefined for every other message. */
export function probeOf({ MessageAttributes }: Message): string | undefined {
  return MessageAttributes?.[PROBE]?.StringValue;
}
