import type { Headers, OutgoingMessage } from '../driver.ts';

/** Header of a record batch, magic 2: base offset to the count of records. */
export const batchHeaderBytes = 61;

/**
 * What a record cannot exceed: its key in UTF-8 takes three bytes a character at most, and the rest beside
 * the payload (length, attributes, deltas, the lengths of key and payload, the count of headers) less than 32.
 * Quick, as it is asked for every message.
 */
export function maxRecordBytes({ key, payload, headers }: OutgoingMessage): number {
  const headerBytes = headers === undefined ? 0 : headersBytes(headers);
  return 32 + (key === undefined ? 0 : 3 * key.length) + payload.length + headerBytes;
}

/**
 * What the broker compares with max.message.bytes when the message travels alone.
 * Source: https://kafka.apache.org/documentation/#record
 */
export function loneBatchBytes({ key, payload, headers = {} }: OutgoingMessage): number {
  const keyBytes = key === undefined ? 0 : Buffer.byteLength(key);
  // a key that is missing has the length -1, which also takes one byte
  const lengths = varintBytes(keyBytes) + varintBytes(payload.length);
  const attributesAndDeltas = 3;
  const body = attributesAndDeltas + lengths + keyBytes + payload.length + headersBytes(headers);
  return batchHeaderBytes + varintBytes(body) + body;
}

/** Their count, then name and value of each behind their lengths. */
function headersBytes(headers: Headers): number {
  const entries = Object.entries(headers);
  return entries.reduce(
    (sum, [name, value]) => sum + textBytes(name) + textBytes(value),
    varintBytes(entries.length),
  );
}

function textBytes(text: string): number {
  const bytes = Buffer.byteLength(text);
  return varintBytes(bytes) + bytes;
}

/** Bytes of a zigzag varint that is not negative. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value * 2; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes += 1;
  return bytes;
}
