import { msUntil, nowNs } from '../../clock/index.ts';
import {
  deadLettersOf,
  type Consumer,
  type Producer,
  type ReceivedMessage,
  type Settlement,
} from '../../drivers/index.ts';
import { emptyIdentity, keyName, Payloads } from '../../load/index.ts';
import { LatencyHistogram, SequenceSet } from '../../measure/index.ts';
import type { DeadLetterSpec } from '../../scenario/index.ts';
import { plainReader, type Reader } from '../stream/contents.ts';
import type { Part, PartAccount, PartProgress, Stage } from '../workload.ts';
import { sendUntilStored } from '../send-until-stored.ts';
import { REDRIVEN } from './redrive-mark.ts';

/** Dead letters are few. */
const WINDOW = 50;

/**
 * Reads the dead letters of a subscription as they come; or, where they are to be redriven, from that time on, and
 * sends each to its topic again before it settles it.
 */
export class DeadLetterReading implements Part {
  readonly windowFullNs = 0;
  readonly #stage: Stage;
  readonly #subscription: string;
  readonly #spec: DeadLetterSpec;
  readonly #intact: Reader;
  readonly #found: readonly SequenceSet[];
  readonly #redriven: readonly SequenceSet[];
  readonly #timeToDeadLetter = new LatencyHistogram();
  readonly #producer: Producer | undefined;
  #consumer: Consumer | undefined;
  #opening: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #again = 0;
  #closing = false;
  #lastArrivalNs = 0;

  private constructor(
    stage: Stage,
    subscription: string,
    spec: DeadLetterSpec,
    producer: Producer | undefined,
    reader: Reader | undefined,
  ) {
    const { scenario, seed } = stage.plan;
    this.#stage = stage;
    this.#subscription = subscription;
    this.#spec = spec;
    this.#producer = producer;
    this.#intact = reader ?? plainReader(new Payloads(scenario.messages.sizeBytes, seed));
    const perProducer = (): readonly SequenceSet[] =>
      Array.from({ length: scenario.producers.count }, () => new SequenceSet());
    this.#found = perProducer();
    this.#redriven = perProducer();
  }

  /** @param reader default: of messages of random bytes */
  static async open(
    stage: Stage,
    subscription: string,
    spec: DeadLetterSpec,
    reader?: Reader,
  ): Promise<DeadLetterReading> {
    const { contract, producers } = stage.plan.scenario;
    const { topic } = stage.plan;
    const producer =
      spec.redriveAtSeconds === undefined
        ? undefined
        : await stage.driver.openProducer(topic, {
            contract,
            batching: { ...producers.batching, lingerMs: 0 },
          });
    const reading = new DeadLetterReading(stage, subscription, spec, producer, reader);
    if (producer === undefined) await reading.#read();
    return reading;
  }

  async start(startNs: number): Promise<void> {
    const { redriveAtSeconds } = this.#spec;
    if (redriveAtSeconds === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#opening = this.#read().catch((error: unknown) =>
          this.#stage.onLost(error instanceof Error ? error : new Error(String(error))),
        );
      },
      msUntil(startNs, redriveAtSeconds),
    );
  }

  stop(): void {
    // what is redriven is no part of the load
  }

  get progress(): PartProgress {
    const sum = (sets: readonly SequenceSet[]): number => sets.reduce((total, { count }) => total + count, 0);
    // a letter that is found is accounted for, but for one that was sent again and has to arrive
    const owed = sum(this.#redriven) - sum(this.#found);
    return { acknowledged: 0, arrived: undefined, lastArrivalNs: this.#lastArrivalNs, owed };
  }

  account(): PartAccount {
    return {
      sends: [],
      delivery: undefined,
      unsent: 0,
      throttled: null,
      failures: {
        kind: 'dead letters',
        subscription: this.#subscription,
        messages: this.#found.map((set) => set.toPages()),
        again: this.#again,
        redriven: this.#redriven.map((set) => set.toPages()),
        timeToDeadLetter: this.#timeToDeadLetter.encode(),
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    await this.#opening;
    await this.#consumer?.close();
    await this.#producer?.close();
  }

  async #read(): Promise<void> {
    const { plan, driver, onLost } = this.#stage;
    this.#consumer = await driver.openConsumer(
      deadLettersOf({ topic: plan.topic, name: this.#subscription }),
      { contract: plan.scenario.contract, window: WINDOW, onLost },
      (message) => this.#handle(message),
    );
  }

  #handle(message: ReceivedMessage): Settlement | Promise<Settlement> {
    const arrivedNs = nowNs();
    this.#lastArrivalNs = arrivedNs;
    const identity = emptyIdentity();
    // corrupt, or of another trial: it is missing among those that there have to be
    if (!this.#intact(message, identity) || identity.run !== this.#stage.plan.run) return 'done';
    const { producer, sequence } = identity;
    if (this.#found[producer]?.add(sequence) === true) {
      this.#timeToDeadLetter.record(arrivedNs - identity.plannedNs);
    } else this.#again++;
    return this.#producer === undefined ? 'done' : this.#redrive(this.#producer, message, identity);
  }

  async #redrive(
    producer: Producer,
    { payload }: ReceivedMessage,
    identity: { readonly producer: number; readonly sequence: number; readonly key: number },
  ): Promise<Settlement> {
    const letter = { key: keyName(identity.key), payload, headers: REDRIVEN };
    if (!(await sendUntilStored(producer, letter, () => this.#closing))) return 'done';
    this.#redriven[identity.producer]?.add(identity.sequence);
    return 'done';
  }
}
