import type { Subscription } from '../driver.ts';
import { streamName } from './names.ts';

/** A partition that a consumer owns, and what it has received of it. */
export class Lane {
  readonly partition: number;
  readonly stream: string;
  /** ids that the server has given to this consumer and does not know as settled */
  readonly unsettled = new Set<string>();
  /** of those: settled by the handler, and to be told to the server */
  settled: string[] = [];
  /**
   * Where to go on looking for what the server has given to somebody, and nobody settles: a consumer that is
   * gone, or this one whose connection broke before the reply came. undefined: there is nothing of the kind.
   */
  recoverFrom: string | undefined = '0-0';
  recoveredAtMs = 0;
  /** `leaving`: finishes what it has, and is then given back; `gone`: another has it by now */
  state: 'owned' | 'leaving' | 'gone' = 'owned';

  constructor({ topic }: Subscription, partition: number) {
    this.partition = partition;
    this.stream = streamName(topic, partition);
  }

  /** What the server has given to this consumer and nobody will handle here: whoever owns the lane looks for it. */
  forsake(id: string): void {
    this.unsettled.delete(id);
    this.recoverFrom = '0-0';
  }
}
