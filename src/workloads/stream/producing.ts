import { Metronome, nowNs } from '../../clock/index.ts';
import type { Producer } from '../../drivers/index.ts';
import { Payloads } from '../../load/index.ts';
import { ThrottleRecord, type Span } from '../../measure/index.ts';
import type { TrialPlan } from '../../scenario/index.ts';
import type { Part, PartAccount, PartProgress, Records, Stage } from '../workload.ts';
import { type Contents, plainContents } from './contents.ts';
import { Sender } from './sender.ts';

/** The alarm is not set closer than this: what falls due meanwhile is sent together, up to this much late. */
const RESOLUTION_NS = 200_000;

export interface ProducingOptions {
  /** what stands between the load and each producer of the driver; default: nothing */
  readonly wrap?: (producer: Producer) => Promise<Producer>;
  /** what all of its messages are made of, from the start of the load on; default: random bytes */
  readonly contents?: (startNs: number) => Contents;
  /** see PartAccount */
  readonly acknowledgedAt?: () => readonly Float64Array[];
}

/** The producing half of the `stream` workload: the producers of one agent, woken by one metronome. */
export class Producing implements Part {
  readonly #plan: TrialPlan;
  readonly #producers: readonly Producer[];
  readonly #metronome: Metronome;
  readonly #idle: Promise<void>;
  readonly #throttles: ThrottleRecord;
  readonly #acknowledgedAt: ProducingOptions['acknowledgedAt'];
  #resolveIdle: () => void = () => {};
  readonly #contentsFrom: (startNs: number) => Contents;
  #contents: Contents | undefined;
  #senders: readonly Sender[] = [];
  #unsent = 0;

  private constructor(
    plan: TrialPlan,
    producers: readonly Producer[],
    metronome: Metronome,
    throttles: ThrottleRecord,
    { contents, acknowledgedAt }: Pick<ProducingOptions, 'contents' | 'acknowledgedAt'>,
  ) {
    this.#plan = plan;
    this.#producers = producers;
    this.#metronome = metronome;
    this.#throttles = throttles;
    const { scenario, seed } = plan;
    this.#contentsFrom = contents ?? (() => plainContents(new Payloads(scenario.messages.sizeBytes, seed)));
    this.#acknowledgedAt = acknowledgedAt;
    this.#idle = new Promise((resolve) => {
      this.#resolveIdle = resolve;
    });
  }

  static async open(
    { plan, driver }: Pick<Stage, 'plan' | 'driver'>,
    { wrap = async (producer) => producer, ...options }: ProducingOptions = {},
  ): Promise<Producing> {
    const { contract, producers: spec } = plan.scenario;
    const throttles = new ThrottleRecord();
    const producers = await Promise.all(
      Array.from({ length: spec.count }, async (_, index) =>
        wrap(
          await driver.openProducer(plan.topic, {
            contract,
            batching: spec.batching,
            onThrottled: (reason) => throttles.note(index, reason, nowNs()),
          }),
        ),
      ),
    );
    const metronome = await Metronome.start(() => opened.#pump());
    const opened: Producing = new Producing(plan, producers, metronome, throttles, options);
    return opened;
  }

  start(startNs: number, records: Records): Promise<void> {
    this.#throttles.count(measuredSpans(this.#plan, startNs));
    const hooks = { idle: () => this.#settleIdle(), again: () => this.#pump() };
    const contents = this.#contentsFrom(startNs);
    this.#contents = contents;
    this.#senders = this.#producers.map(
      (producer, index) => new Sender(producer, index, this.#plan, startNs, records, contents, hooks),
    );
    this.#settleIdle();
    this.#pump();
    return this.#idle;
  }

  stop(): void {
    this.#throttles.end(nowNs());
    for (const sender of this.#senders) this.#unsent += sender.stop();
    this.#settleIdle();
  }

  get progress(): PartProgress {
    const acknowledged = this.#senders.reduce((sum, sender) => sum + sender.acknowledged, 0);
    return { acknowledged, arrived: undefined, lastArrivalNs: 0, owed: 0 };
  }

  /** of the producer whose window was full for longest */
  get windowFullNs(): number {
    return Math.max(0, ...this.#senders.map((sender) => sender.windowFullNs));
  }

  account(): PartAccount {
    const schema = this.#contents?.account?.();
    return {
      sends: this.#senders.map((sender) => sender.account()),
      delivery: undefined,
      unsent: this.#unsent,
      // while messages of the measured phases were to be sent
      throttled: this.#throttles.account(nowNs()) ?? null,
      ...(schema === undefined ? {} : { schema }),
      ...(this.#acknowledgedAt === undefined ? {} : { acknowledgedAt: this.#acknowledgedAt() }),
    };
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
    if (!this.#senders.every((sender) => sender.idle)) return;
    this.#throttles.end(nowNs());
    this.#resolveIdle();
  }
}

/** When the messages of the measured phases are sent: from the plan on, and after its end those that are late. */
function measuredSpans(plan: TrialPlan, startNs: number): readonly Span[] {
  const { phases } = plan.scenario.load;
  let toNs = startNs;
  return phases.flatMap((phase, index) => {
    const fromNs = toNs;
    toNs += phase.seconds * 1e9;
    if (phase.warmup) return [];
    return [{ fromNs, toNs: index === phases.length - 1 ? Infinity : toNs }];
  });
}
