import type { Headers } from '../driver.ts';
import type { Argument } from './connection.ts';

const PAYLOAD = 'payload';
const EMPTY = Buffer.alloc(0);
/** Before the name of each header, so that none is taken for the payload. */
const HEADER = 'h:';

/** A message as it is in a stream. */
export interface Entry {
  /** `<ms>-<n>`, unique in its stream and rising */
  readonly id: string;
  readonly payload: Buffer;
  readonly headers: Headers | undefined;
}

/** The fields of an entry, as arguments of XADD. */
export function toFields(payload: Buffer, headers: Headers | undefined): readonly Argument[] {
  if (headers === undefined) return [PAYLOAD, payload];
  const named = Object.entries(headers).flatMap(([name, value]) => [`${HEADER}${name}`, value]);
  return [PAYLOAD, payload, ...named];
}

/**
 * The entries of a reply `[[id, [field, value, …]], …]`, in which every string is bytes. An entry that was
 * deleted is null in the reply of XAUTOCLAIM before Redis 7, and is left out.
 */
export function toEntries(reply: unknown): readonly Entry[] {
  if (!Array.isArray(reply)) return [];
  return reply.flatMap((each: unknown) => {
    if (!Array.isArray(each) || !Array.isArray(each[1])) return [];
    return [toEntry(String(each[0]), each[1] as readonly unknown[])];
  });
}

function toEntry(id: string, fields: readonly unknown[]): Entry {
  let payload: Buffer = EMPTY;
  let headers: Record<string, string> | undefined;
  for (let index = 0; index < fields.length; index += 2) {
    const name = String(fields[index]);
    const value = fields[index + 1];
    if (name === PAYLOAD && Buffer.isBuffer(value)) payload = value;
    else if (name.startsWith(HEADER)) {
      headers ??= {};
      headers[name.slice(HEADER.length)] = String(value);
    }
  }
  return { id, payload, headers };
}
