import type { Headers, ReceivedMessage } from '../../drivers/index.ts';
import type { Identity, Payloads } from '../../load/index.ts';
import type { SchemaAccount } from '../../measure/index.ts';

/** What messages are made of beside their identity, at the producers. */
export interface Contents {
  write(identity: Identity): { readonly payload: Buffer; readonly headers?: Headers };
  /** Takes back a payload that nobody reads any more. */
  recycle(payload: Buffer): void;
  /** of what was written; not there where the contents follow no schema */
  account?(): SchemaAccount;
}

/** Fills in the identity of a message that came back as it was sent; false when it is corrupt. */
export type Reader = (message: ReceivedMessage, identity: Identity) => boolean;

/** Random bytes of one size. */
export function plainContents(payloads: Payloads): Contents {
  return {
    write: (identity) => ({ payload: payloads.write(identity) }),
    recycle: (payload) => payloads.recycle(payload),
  };
}

export function plainReader(payloads: Payloads): Reader {
  return ({ payload }, identity) => payloads.read(payload, identity);
}
