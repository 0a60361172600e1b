import { msUntil, nowNs } from '../clock/index.ts';
import { type Driver, driverNamed } from '../drivers/index.ts';
import {
  IntervalCounter,
  PhaseRecord,
  requestsSince,
  type GeneratorHealth,
  type RequestCounts,
} from '../measure/index.ts';
import { paceOf } from '../scenario/index.ts';
import { workloadNamed, type Part, type PartProgress } from '../workloads/index.ts';
import { atMost } from './at-most.ts';
import { HealthSampler } from './health-sampler.ts';
import { toPlainError, type AgentReport, type Assignment, type Order, type Report } from './protocol.ts';

/** What is under way when an agent is told to finish was waited for already; longer than this it holds nothing up. */
const CLOSE_PATIENCE_MS = 2_000;

/** How often an agent tells how far it is. */
const REPORT_EVERY_MS = 250;

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
  #part: Part | undefined;
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
    const { role, plan, target, before } = this.#assignment;
    const module = driverNamed(target.driver);
    if (module === undefined) throw new Error(`no driver ${target.driver}`);
    this.#driver = await module.connect(target.config, this.#life.signal);
    this.#part = await workloadNamed(plan.scenario.workload).open(role, {
      plan,
      driver: this.#driver,
      before,
      onLost: (error) => this.#report({ type: 'failed', error: toPlainError(error) }),
    });
    this.#report({ type: 'ready' });
  }

  async follow(order: Order): Promise<void> {
    switch (order.type) {
      case 'start':
        return this.#start(order.startNs);
      case 'stop':
        this.#intervals?.endLoad(nowNs());
        this.#part?.stop();
        return;
      case 'finish':
        return this.#finish();
      case 'crash':
        return this.#crash();
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
    const loadMs = msUntil(startNs, paceOf(this.#assignment.plan.scenario).seconds);
    this.#timers = [
      setTimeout(() => this.#readHealth(), loadMs),
      setInterval(() => {
        this.#report({ type: 'interval', intervals: intervals.take(nowNs()), progress: this.#progress() });
      }, REPORT_EVERY_MS),
    ];
    await this.#part?.start(startNs, { phases: this.#phases, intervals });
    this.#report({ type: 'sent', progress: this.#progress() });
  }

  async #finish(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#readHealth();
    this.#health?.[Symbol.dispose]();
    const part = this.#part;
    const closing = part?.[Symbol.asyncDispose]();
    // a broker that holds producers back may never settle what they sent: the driver ends it then, as `unknown`
    const settles = this.#assignment.role.kind === 'consumers';
    if (closing !== undefined) await (settles ? closing : atMost(CLOSE_PATIENCE_MS, closing));
    const requests = requestsSince(this.#requestsBefore, this.#driver?.requests?.());
    this.#life.abort();
    await this.#driver?.[Symbol.asyncDispose]();
    this.#report({ type: 'done', report: this.#measured(requests) });
  }

  /** Whoever runs the agent ends its process when the report has left. */
  #crash(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#readHealth();
    const before = this.#part?.crash?.();
    if (before === undefined) throw new Error(`${this.#assignment.agent} cannot crash`);
    const requests = requestsSince(this.#requestsBefore, this.#driver?.requests?.());
    // what arrived is in what the next one goes on from
    this.#report({ type: 'crashed', report: { ...this.#measured(requests), delivery: undefined }, before });
  }

  #measured(requests: RequestCounts | undefined): AgentReport {
    if (this.#healthOfLoad === undefined || this.#part === undefined)
      throw new Error('finished before the start');
    const { throttled, ...account } = this.#part.account();
    return {
      ...account,
      phases: this.#phases.map((phase) => phase.account()),
      intervals: this.#intervals?.takeAll(nowNs()) ?? [],
      requests,
      health: { ...this.#healthOfLoad, throttled },
    };
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
    const part = this.#part;
    if (part !== undefined) await atMost(CLOSE_PATIENCE_MS, part[Symbol.asyncDispose]());
    await this.#driver?.[Symbol.asyncDispose]();
  }

  #progress(): PartProgress {
    return this.#part?.progress ?? { acknowledged: 0, arrived: undefined, lastArrivalNs: 0, owed: 0 };
  }

  /** Once, at the end of the load, so that the idle drain does not make a busy generator look healthy. */
  #readHealth(): void {
    this.#healthOfLoad ??= this.#health?.read(this.#assignment.agent, this.#part?.windowFullNs ?? 0);
  }
}
