import { nowNs } from '../../clock/index.ts';
import type { Consumer, ReceivedMessage, RetryPolicy, Settlement } from '../../drivers/index.ts';
import { emptyIdentity, Payloads } from '../../load/index.ts';
import { DeliveryLedger, type DeliverySnapshot, type MessageName } from '../../measure/index.ts';
import { consumersOf, type ConsumerSettings } from '../../scenario/index.ts';
import type { Part, PartAccount, PartProgress, Records, Stage } from '../workload.ts';
import { ConsumerChanges } from './consumer-changes.ts';
import { plainReader, type Reader } from './contents.ts';
import type { Handling } from './handling.ts';

export interface ConsumingOptions {
  /** undefined: every message is done */
  readonly handling?: Handling;
  /** default: messages of random bytes */
  readonly reader?: Reader;
  /** that of the topic, where it has one */
  readonly retry?: RetryPolicy;
  /** default: that of the load */
  readonly topic?: string;
  /** default: those of the scenario */
  readonly settings?: ConsumerSettings;
}

/**
 * The consuming half of the `stream` workload: all consumers of one subscription, so that order and
 * duplicates among competing consumers are seen by one ledger.
 */
export class Consuming implements Part {
  readonly windowFullNs = 0;
  readonly #stage: Stage;
  readonly #subscription: string;
  readonly #topic: string;
  readonly #settings: ConsumerSettings;
  readonly #handling: Handling | undefined;
  readonly #retry: RetryPolicy | undefined;
  readonly #ledger: DeliveryLedger;
  readonly #read: Reader;
  readonly #identity = emptyIdentity();
  readonly #consumers: Consumer[] = [];
  /** what handlers are at work on for the first time, by `<producer>-<sequence>` */
  readonly #inHand = new Map<string, MessageName>();
  #opened = 0;
  #changes: ConsumerChanges | undefined;
  #records: Records | undefined;
  readonly #started: Promise<void>;
  #resolveStarted: () => void = () => {};
  #lastArrivalNs = 0;
  #crashed = false;

  private constructor(stage: Stage, subscription: string, options: ConsumingOptions) {
    const { handling, reader, retry, topic, settings } = options;
    const { scenario, run, seed, maxExamples } = stage.plan;
    this.#stage = stage;
    this.#started = new Promise((resolve) => {
      this.#resolveStarted = resolve;
    });
    this.#handling = handling;
    this.#retry = retry;
    this.#subscription = subscription;
    this.#topic = topic ?? stage.plan.topic;
    this.#settings = settings ?? consumersOf(scenario, subscription);
    this.#read = reader ?? plainReader(new Payloads(scenario.messages.sizeBytes, seed));
    const size = { producers: scenario.producers.count, keys: scenario.messages.keys.count, maxExamples };
    this.#ledger = new DeliveryLedger(subscription, run, size, stage.before);
  }

  static async open(stage: Stage, subscription: string, options: ConsumingOptions): Promise<Consuming> {
    const consuming = new Consuming(stage, subscription, options);
    for (let count = 0; count < consuming.#settings.count; count++) {
      consuming.#consumers.push(await consuming.#openConsumer());
    }
    return consuming;
  }

  async start(startNs: number, records: Records): Promise<void> {
    this.#records = records;
    this.#handling?.start?.(startNs);
    this.#resolveStarted();
    const { plan, onLost } = this.#stage;
    const open = (): Promise<Consumer> => this.#openConsumer();
    this.#changes = new ConsumerChanges(plan.scenario, this.#subscription, this.#consumers, open, onLost);
    this.#changes.schedule(startNs);
  }

  stop(): void {
    // nothing is sent
  }

  get progress(): PartProgress {
    const owed = this.#handling?.owed ?? 0;
    return { acknowledged: 0, arrived: this.#ledger.unique, lastArrivalNs: this.#lastArrivalNs, owed };
  }

  account(): PartAccount {
    const account = { sends: [], delivery: this.#ledger.account(), unsent: 0, throttled: null };
    const failures = this.#handling?.account?.();
    const schema = this.#handling?.schema?.();
    const projection = this.#handling?.projection?.();
    return {
      ...account,
      ...(failures === undefined ? {} : { failures }),
      ...(schema === undefined ? {} : { schema }),
      ...(projection === undefined ? {} : { projection }),
    };
  }

  /** What handlers are at work on is not handled, whatever the driver has told the broker. */
  crash(): DeliverySnapshot {
    this.#crashed = true;
    return this.#ledger.snapshot([...this.#inHand.values()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#changes?.end();
    await Promise.all(this.#consumers.splice(0).map((consumer) => consumer.close()));
  }

  #openConsumer(): Promise<Consumer> {
    const { plan, driver, onLost } = this.#stage;
    const index = this.#opened++;
    return driver.openConsumer(
      { topic: this.#topic, name: this.#subscription },
      {
        contract: plan.scenario.contract,
        window: this.#settings.window,
        onLost,
        ...(this.#retry === undefined ? {} : { retry: this.#retry }),
      },
      (message) => this.#handle(message, index),
    );
  }

  #handle(message: ReceivedMessage, consumer: number): Settlement | Promise<Settlement> {
    if (this.#crashed) return new Promise(() => {});
    // one that takes the place of another meets messages as soon as it is open
    const records = this.#records;
    if (records === undefined) return this.#started.then(() => this.#handle(message, consumer));
    const arrivedNs = nowNs();
    this.#lastArrivalNs = arrivedNs;
    const identity = this.#identity;
    if (!this.#read(message, identity)) {
      this.#ledger.corrupt();
      return 'done';
    }
    const asMarked = message.redelivered ? 'redelivered' : 'unmarked';
    const mark = this.#handling?.markOf(identity, message) ?? asMarked;
    const delivery = this.#ledger.delivered(identity, consumer, mark);
    if (delivery === 'foreign') return 'done';
    if (delivery === 'first')
      this.#record(records, arrivedNs - identity.plannedNs, identity.phase, arrivedNs);
    const { key } = identity;
    const settlement = this.#handling?.settle(identity, message, arrivedNs) ?? 'done';
    const { workMs } = this.#settings;
    if (workMs === 0) {
      this.#handling?.worked?.(identity);
      this.#ledger.handled(identity);
      this.#ledger.settled(key, consumer);
      return settlement;
    }
    const name = { producer: identity.producer, sequence: identity.sequence };
    const id = `${name.producer}-${name.sequence}`;
    if (delivery === 'first') this.#inHand.set(id, name);
    // the next message is read into the same one
    const own = this.#handling?.worked === undefined ? identity : { ...identity };
    return new Promise((resolve) => {
      setTimeout(() => {
        if (this.#crashed) return;
        this.#handling?.worked?.(own);
        this.#inHand.delete(id);
        this.#ledger.handled(name);
        this.#ledger.settled(key, consumer);
        resolve(settlement);
      }, workMs);
    });
  }

  #record(records: Records, endToEndNs: number, phase: number, arrivedNs: number): void {
    const record = records.phases[phase];
    if (record === undefined) throw new RangeError(`phase ${phase}`);
    record.delivered++;
    record.endToEnd.record(endToEndNs);
    records.intervals.delivered(arrivedNs, endToEndNs);
  }
}
