import type { MsgHdrs } from '@nats-io/transport-node';
import type { Headers } from '../driver.ts';

/** Fills the client's empty headers; throws the client's InvalidArgumentError for a value over several lines. */
export function filled(empty: MsgHdrs, headers: Headers): MsgHdrs {
  for (const [name, value] of Object.entries(headers)) empty.set(name, value);
  return empty;
}

/** Of a header that is there several times, the first. */
export function fromMsgHdrs(headers: Pick<MsgHdrs, 'keys' | 'get'> | undefined): Headers | undefined {
  if (headers === undefined) return undefined;
  return Object.fromEntries(headers.keys().map((name) => [name, headers.get(name)]));
}
