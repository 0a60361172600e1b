import { nowNs } from '../../clock/index.ts';
import type { OutgoingMessage, Producer } from '../../drivers/index.ts';
import { emptyIdentity, readIdentity } from '../../load/index.ts';
import { SequenceTimes } from '../../measure/index.ts';

/** Notes when each event that its producers send is acknowledged: from then on it is a fact. */
export class AcknowledgementTimes {
  readonly #times: readonly SequenceTimes[];
  readonly #identity = emptyIdentity();

  constructor(producers: number) {
    this.#times = Array.from({ length: producers }, () => new SequenceTimes());
  }

  /** A producer whose acknowledgements are noted. */
  noting(producer: Producer): Producer {
    return {
      send: (message) => this.#send(producer, message),
      close: () => producer.close(),
    };
  }

  /** by producer */
  toArrays(): readonly Float64Array[] {
    return this.#times.map((times) => times.toArray());
  }

  async #send(producer: Producer, message: OutgoingMessage): Promise<void> {
    // before it is sent: whoever sent it may write the next one into the payload once it is acknowledged
    if (!readIdentity(message.payload, this.#identity)) throw new Error('an event without an identity');
    const { producer: index, sequence } = this.#identity;
    await producer.send(message);
    this.#times[index]?.note(sequence, nowNs());
  }
}
