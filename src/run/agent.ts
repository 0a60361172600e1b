import { nowNs } from '../clock/index.ts';
import { type Driver, driverNamed } from '../drivers/index.ts';
import {
  IntervalCounter,
  PhaseRecord,
  requestsSince,
  type GeneratorHealth,
  type RequestCounts,
} from '../measure/index.ts';
import { paceOf } from '../scenario/index.ts';
import { Consuming, Producing } from '../workloads/index.ts';
import { atMost } from './at-most.ts';
import { HealthSampler } from './health-sampler.ts';
import { toPlainError, type Assignment, type Order, type Progress, type Report } from './protocol.ts';

/** What is under way when an agent is told to finish was waited for already; longer than this it holds nothing up. */
const CLOSE_PATIENCE_MS = 2_000;

/** How often an agent tells how far it is. */
const REPORT_EVERY_MS = 250;

type Work =
  | { readonly kind: 'producers'; readonly producing: Producing }
  | { readonly kind: 'consumers'; readonly consuming: Consuming };

/**
 * Executes a share of a trial: connects, opens its producers or consumers, says `ready`, and then follows
 * orders. It prints nothing and knows nothing of the thread or host it runs in.
 */
export class Agent {
  readonly #assignment: Assignment;
  readonly #report: (report: Report) => void;
  readonly #life = new AbortController();
  readonly #phases: readonly PhaseRecord[];
  #opening: Promise<void> = Promise.resolve();
  #driver: Driver | undefined;
  #work: Work | undefined;
  #intervals: IntervalCounter | undefined;
  #health: HealthSampler | undefined;
  #healthOfLoad: Omit<GeneratorHealth, 'throttled'> | undefined;
  #requestsBefore: RequestCounts | undefined;
  #timers: NodeJS.Timeout[] = [];

  constructor(assignment: Assignment, report: (report: Report) => void) {
    this.#assignment = assignment;
    this.#report = report;
    this.#phases = assignment.plan.scenario.load.phases.map(() => new PhaseRecord());
  }

  /** Opens what the assignment asks for, and says so. */
  open(): Promise<void> {
    this.#opening = this.#open();
    return this.#opening;
  }

  async #open(): Promise<void> {
    const { role, plan, target } = this.#assignment;
    const module = driverNamed(target.driver);
    if (module === undefined) throw new Error(`no driver ${target.driver}`);
    this.#driver = await module.connect(target.config, this.#life.signal);
    this.#work =
      role.kind === 'producers'
        ? { kind: 'producers', producing: await Producing.open(plan, this.#driver) }
        : {
            kind: 'consumers',
            consuming: await Consuming.open(plan, this.#driver, role.subscription, (error) =>
              this.#report({ type: 'failed', error: toPlainError(error) }),
            ),
          };
    this.#report({ type: 'ready' });
  }

  async follow(order: Order): Promise<void> {
    switch (order.type) {
      case 'start':
        return this.#start(order.startNs);
      case 'stop':
        this.#intervals?.endLoad(nowNs());
        if (this.#work?.kind === 'producers') this.#work.producing.stop();
        return;
      case 'finish':
        return this.#finish();
      case 'leave':
        return this.#leave();
    }
  }

  async #start(startNs: number): Promise<void> {
    const { phases } = this.#assignment.plan.scenario.load;
    const intervals = new IntervalCounter(
      startNs,
      phases.map(({ seconds }) => seconds),
    );
    this.#intervals = intervals;
    this.#health = new HealthSampler();
    this.#requestsBefore = this.#driver?.requests?.();
    const loadMs = (startNs - nowNs()) / 1e6 + paceOf(this.#assignment.plan.scenario).seconds * 1000;
    this.#timers = [
      setTimeout(() => this.#readHealth(), loadMs),
      setInterval(() => {
        this.#report({ type: 'interval', intervals: intervals.take(nowNs()), progress: this.#progress() });
      }, REPORT_EVERY_MS),
    ];
    const records = { phases: this.#phases, intervals };
    if (this.#work?.kind === 'consumers') this.#work.consuming.start(records);
    else if (this.#work?.kind === 'producers') {
      await this.#work.producing.start(startNs, records);
      this.#report({ type: 'sent', progress: this.#progress() });
    }
  }

  async #finish(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#readHealth();
    this.#health?.[Symbol.dispose]();
    const work = this.#work;
    // a broker that holds producers back may never settle what they sent: the driver ends it then, as `unknown`
    if (work?.kind === 'producers') await atMost(CLOSE_PATIENCE_MS, work.producing[Symbol.asyncDispose]());
    if (work?.kind === 'consumers') await work.consuming[Symbol.asyncDispose]();
    const requests = requestsSince(this.#requestsBefore, this.#driver?.requests?.());
    this.#life.abort();
    await this.#driver?.[Symbol.asyncDispose]();
    if (this.#healthOfLoad === undefined) throw new Error('finished before the start');
    this.#report({
      type: 'done',
      report: {
        phases: this.#phases.map((phase) => phase.account()),
        intervals: this.#intervals?.takeAll(nowNs()) ?? [],
        sends: work?.kind === 'producers' ? work.producing.accounts() : [],
        delivery: work?.kind === 'consumers' ? work.consuming.account() : undefined,
        unsent: work?.kind === 'producers' ? work.producing.unsent : 0,
        requests,
        health: {
          ...this.#healthOfLoad,
          throttled: (work?.kind === 'producers' ? work.producing.throttled : undefined) ?? null,
        },
      },
    });
  }

  /**
   * Lets go of everything without a report. An opening under way is waited for: a native client whose thread ends
   * in the middle of it ends the process (Napi::Error).
   */
  async #leave(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#health?.[Symbol.dispose]();
    this.#life.abort();
    await this.#opening.catch(() => undefined);
    const work = this.#work?.kind === 'producers' ? this.#work.producing : this.#work?.consuming;
    if (work !== undefined) await atMost(CLOSE_PATIENCE_MS, work[Symbol.asyncDispose]());
    await this.#driver?.[Symbol.asyncDispose]();
  }

  #progress(): Progress {
    const work = this.#work;
    return {
      acknowledged: work?.kind === 'producers' ? work.producing.acknowledged : 0,
      arrived: work?.kind === 'consumers' ? work.consuming.unique : 0,
      lastArrivalNs: work?.kind === 'consumers' ? work.consuming.lastArrivalNs : 0,
    };
  }

  /** Once, at the end of the load, so that the idle drain does not make a busy generator look healthy. */
  #readHealth(): void {
    const windowFullNs = this.#work?.kind === 'producers' ? this.#work.producing.windowFullNs : 0;
    this.#healthOfLoad ??= this.#health?.read(this.#assignment.agent, windowFullNs);
  }
}
