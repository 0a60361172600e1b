import type { ReceivedMessage, Settlement } from '../../drivers/index.ts';
import type { Identity } from '../../load/index.ts';
import type { GivenUpAccount, Mark, ProjectionAccount, SchemaAccount } from '../../measure/index.ts';

/** What handlers do with messages beside taking their time; without one, every message is done. */
export interface Handling {
  /** The load begins; not there where that does not matter. */
  start?(startNs: number): void;
  /** How a delivery that comes again is to be taken; undefined: as the broker marked it. */
  markOf(identity: Identity, message: ReceivedMessage): Mark | undefined;
  settle(identity: Identity, message: ReceivedMessage, arrivedNs: number): Settlement;
  /** Called when the work on a message is over, just before it is settled. The identity is good until it returns. */
  worked?(identity: Identity): void;
  /** See PartProgress. */
  readonly owed: number;
  /** not there where no message fails on purpose */
  account?(): GivenUpAccount;
  /** not there where messages follow no schema */
  schema?(): SchemaAccount;
  /** not there for what is no read model */
  projection?(): ProjectionAccount;
}
