import type { ConsumeMessage } from 'amqplib';
import type { Settlement } from '../driver.ts';
import type { Channels } from './channels.ts';

export type Patience = 'for its former owner' | 'over';

/** How a session takes messages from the partitions that are its own, and settles them. */
export interface Intake {
  /** partitions that it may have unsettled messages of */
  readonly consumed: readonly number[];
  /** how many partitions it takes messages from */
  readonly open: number;
  /** deliveries that the server knows no settlement of */
  readonly unsettled: number;
  /**
   * Takes messages of a partition from now on, at most so many unsettled at once as far as the server can
   * limit it. Does nothing where it does so already, or while another consumer has not left the partition and
   * there is patience, or while something is unsettled of the time before it was stopped.
   */
  take(partition: number, prefetch: number, patience: Patience): Promise<void>;
  /** Takes no more messages. The partitions stay its own. */
  stop(): Promise<void>;
  /** Leaves its partitions to others, once it is stopped and nothing is unsettled. */
  release(): Promise<void>;
  settle(message: ConsumeMessage, settlement: Settlement): void;
  /**
   * Takes no more messages, and resolves when the server has done what it was told of those it had; what is unsettled
   * goes to others.
   */
  close(): Promise<void>;
  /** The channels have ended. */
  end(): void;
}

/** The intakes of a consumer's sessions, one after the other, and what outlives them. */
export interface Intakes extends AsyncDisposable {
  open(channels: Channels, onMessage: (message: ConsumeMessage) => void): Promise<Intake>;
}
