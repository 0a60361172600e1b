import { nowNs } from '../../clock/index.ts';
import type { Consumer, Driver, ReceivedMessage, Settlement } from '../../drivers/index.ts';
import { emptyIdentity, Payloads } from '../../load/index.ts';
import {
  DeliveryLedger,
  type DeliveryAccount,
  type IntervalCounter,
  type PhaseRecord,
} from '../../measure/index.ts';
import type { TrialPlan } from '../../scenario/index.ts';

/** Where the consumers of an agent record. */
export interface DeliveryRecords {
  readonly phases: readonly PhaseRecord[];
  readonly intervals: IntervalCounter;
}

/**
 * The consuming half of the `stream` workload: all consumers of one subscription, so that order and
 * duplicates among competing consumers are seen by one ledger.
 */
export class Consuming implements AsyncDisposable {
  readonly #plan: TrialPlan;
  readonly #ledger: DeliveryLedger;
  readonly #payloads: Payloads;
  readonly #identity = emptyIdentity();
  readonly #consumers: Consumer[] = [];
  #records: DeliveryRecords | undefined;
  #lastArrivalNs = 0;

  private constructor(plan: TrialPlan, subscription: string) {
    const { messages, producers } = plan.scenario;
    this.#plan = plan;
    this.#payloads = new Payloads(messages.sizeBytes, plan.seed);
    this.#ledger = new DeliveryLedger(subscription, plan.run, {
      producers: producers.count,
      keys: messages.keys.count,
      maxExamples: plan.maxExamples,
    });
  }

  /** @param onLost called when a consumer cannot go on */
  static async open(
    plan: TrialPlan,
    driver: Driver,
    subscription: string,
    onLost: (error: Error) => void,
  ): Promise<Consuming> {
    const { contract, consumers: spec } = plan.scenario;
    const consuming = new Consuming(plan, subscription);
    for (let index = 0; index < spec.count; index++) {
      const consumer = await driver.openConsumer(
        { topic: plan.topic, name: subscription },
        { contract, window: spec.window, onLost },
        (message) => consuming.#handle(message, index),
      );
      consuming.#consumers.push(consumer);
    }
    return consuming;
  }

  /** Tells where to record; nothing may be sent before. */
  start(records: DeliveryRecords): void {
    this.#records = records;
  }

  /** messages that arrived at least once */
  get unique(): number {
    return this.#ledger.unique;
  }

  /** when the latest delivery came in, first or not; 0 for none yet */
  get lastArrivalNs(): number {
    return this.#lastArrivalNs;
  }

  account(): DeliveryAccount {
    return this.#ledger.account();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#consumers.splice(0).map((consumer) => consumer.close()));
  }

  #handle(message: ReceivedMessage, consumer: number): Settlement | Promise<Settlement> {
    const arrivedNs = nowNs();
    this.#lastArrivalNs = arrivedNs;
    const identity = this.#identity;
    if (!this.#payloads.read(message.payload, identity)) {
      this.#ledger.corrupt();
      return 'done';
    }
    const mark = message.redelivered ? 'redelivered' : 'unmarked';
    const delivery = this.#ledger.delivered(identity, consumer, mark);
    if (delivery === 'foreign') return 'done';
    if (delivery === 'first') this.#record(arrivedNs - identity.plannedNs, identity.phase, arrivedNs);
    const { key } = identity;
    const { workMs } = this.#plan.scenario.consumers;
    if (workMs === 0) {
      this.#ledger.settled(key, consumer);
      return 'done';
    }
    return new Promise((resolve) => {
      setTimeout(() => {
        this.#ledger.settled(key, consumer);
        resolve('done');
      }, workMs);
    });
  }

  #record(endToEndNs: number, phase: number, arrivedNs: number): void {
    const record = this.#records?.phases[phase];
    if (record === undefined) throw new RangeError(`delivery in phase ${phase} before the start`);
    record.delivered++;
    record.endToEnd.record(endToEndNs);
    this.#records?.intervals.delivered(arrivedNs, endToEndNs);
  }
}
