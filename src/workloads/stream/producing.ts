import { Metronome, nowNs } from '../../clock/index.ts';
import type { Driver, Producer } from '../../drivers/index.ts';
import type { SendAccount } from '../../measure/index.ts';
import type { TrialPlan } from '../../scenario/index.ts';
import { Sender, type SendRecords } from './sender.ts';

/** The alarm is not set closer than this: what falls due meanwhile is sent together, up to this much late. */
const RESOLUTION_NS = 200_000;

/** The producing half of the `stream` workload: the producers of one agent, woken by one metronome. */
export class Producing implements AsyncDisposable {
  readonly #plan: TrialPlan;
  readonly #producers: readonly Producer[];
  readonly #metronome: Metronome;
  readonly #idle: Promise<void>;
  #resolveIdle: () => void = () => {};
  #senders: readonly Sender[] = [];
  #unsent = 0;

  private constructor(plan: TrialPlan, producers: readonly Producer[], metronome: Metronome) {
    this.#plan = plan;
    this.#producers = producers;
    this.#metronome = metronome;
    this.#idle = new Promise((resolve) => {
      this.#resolveIdle = resolve;
    });
  }

  static async open(plan: TrialPlan, driver: Driver): Promise<Producing> {
    const { contract, producers: spec } = plan.scenario;
    const options = { contract, batching: spec.batching };
    const producers = await Promise.all(
      Array.from({ length: spec.count }, () => driver.openProducer(plan.topic, options)),
    );
    const metronome = await Metronome.start(() => opened.#pump());
    const opened: Producing = new Producing(plan, producers, metronome);
    return opened;
  }

  /** Begins the load; resolves when everything is sent and settled. */
  start(startNs: number, records: SendRecords): Promise<void> {
    const hooks = { idle: () => this.#settleIdle(), again: () => this.#pump() };
    this.#senders = this.#producers.map(
      (producer, index) => new Sender(producer, index, this.#plan, startNs, records, hooks),
    );
    this.#settleIdle();
    this.#pump();
    return this.#idle;
  }

  /** Gives up what is not yet sent. */
  stop(): void {
    for (const sender of this.#senders) this.#unsent += sender.stop();
    this.#settleIdle();
  }

  get acknowledged(): number {
    return this.#senders.reduce((sum, sender) => sum + sender.acknowledged, 0);
  }

  /** planned messages that were given up */
  get unsent(): number {
    return this.#unsent;
  }

  /** the longest that a producer's window was full, in all */
  get windowFullNs(): number {
    return Math.max(0, ...this.#senders.map((sender) => sender.windowFullNs));
  }

  accounts(): readonly SendAccount[] {
    return this.#senders.map((sender) => sender.account());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#metronome[Symbol.asyncDispose]();
    await Promise.allSettled(this.#producers.map((producer) => producer.close()));
  }

  #pump(): void {
    let nextNs = Infinity;
    for (const sender of this.#senders) nextNs = Math.min(nextNs, sender.pump());
    if (nextNs < Infinity) this.#metronome.wakeAt(Math.max(nextNs, nowNs() + RESOLUTION_NS));
  }

  #settleIdle(): void {
    if (this.#senders.every((sender) => sender.idle)) this.#resolveIdle();
  }
}
