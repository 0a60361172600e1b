import type { DeliverySnapshot, Interval } from '../measure/index.ts';
import type { PartProgress } from '../workloads/index.ts';
import { type AgentReport, type Assignment, fromPlainError, type Order, type Report } from './protocol.ts';
import type { Engine, RemoteAgent } from './engine.ts';

interface Member {
  agent: RemoteAgent;
  ready: Milestone<void>;
  readonly sent: Milestone<void>;
  readonly done: Milestone<AgentReport>;
  progress: PartProgress;
  crashed: Milestone<DeliverySnapshot>;
}

/** All agents of a trial, led as one. */
export class Crew implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #members: readonly Member[];
  /** of agents that crashed */
  readonly #lastWords: AgentReport[] = [];
  readonly #onIntervals: (intervals: readonly Interval[]) => void;

  constructor(
    engine: Engine,
    assignments: readonly Assignment[],
    onIntervals: (intervals: readonly Interval[]) => void,
  ) {
    this.#engine = engine;
    this.#onIntervals = onIntervals;
    this.#members = assignments.map((assignment, index) => ({
      agent: engine.start(assignment, (report) => this.#receive(index, report)),
      ready: new Milestone<void>(),
      sent: new Milestone<void>(),
      done: new Milestone<AgentReport>(),
      crashed: new Milestone<DeliverySnapshot>(),
      progress: {
        acknowledged: 0,
        arrived: countsArrivals(assignment) ? 0 : undefined,
        lastArrivalNs: 0,
        owed: 0,
      },
    }));
  }

  /** Resolves when every agent is ready; rejects with the first failure. */
  async ready(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.ready.reached));
  }

  order(order: Order): void {
    for (const member of this.#members) member.agent.order(order);
  }

  /** Resolves when nobody has anything left to send, and all know what became of it. */
  async sent(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.sent.reached));
  }

  /**
   * Has those agents die that can. The returned function starts others in their place, and resolves when they are
   * at work.
   * @param startNs of the load
   */
  async crash(startNs: number): Promise<() => Promise<void>> {
    const victims = this.#members.filter(({ agent }) => agent.assignment.mortal);
    for (const { agent } of victims) agent.order({ type: 'crash' });
    const snapshots = await Promise.all(victims.map(({ crashed }) => crashed.reached));
    return async () => {
      await Promise.all(victims.map((victim, index) => this.#revive(victim, startNs, snapshots[index])));
    };
  }

  /** Closes the agents and gathers their reports, those of the dead among them. */
  async finish(): Promise<readonly AgentReport[]> {
    this.order({ type: 'finish' });
    const reports = await Promise.all(this.#members.map((member) => member.done.reached));
    return [...this.#lastWords, ...reports];
  }

  get acknowledged(): number {
    return this.#members.reduce((sum, { progress }) => sum + progress.acknowledged, 0);
  }

  /** by subscription: messages that arrived at least once */
  get arrived(): readonly number[] {
    return this.#members.flatMap(({ progress }) => progress.arrived ?? []);
  }

  get lastArrivalNs(): number {
    return Math.max(0, ...this.#members.map(({ progress }) => progress.lastArrivalNs));
  }

  /** messages that are still to turn up somewhere, of which the arrived do not tell */
  get owed(): number {
    return this.#members.reduce((sum, { progress }) => sum + progress.owed, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map((member) => member.agent[Symbol.asyncDispose]()));
  }

  async #revive(member: Member, startNs: number, before: DeliverySnapshot | undefined): Promise<void> {
    const index = this.#members.indexOf(member);
    member.ready = new Milestone();
    member.crashed = new Milestone();
    const assignment = { ...member.agent.assignment, before };
    member.agent = this.#engine.start(assignment, (report) => this.#receive(index, report));
    await member.ready.reached;
    member.agent.order({ type: 'start', startNs });
  }

  #receive(index: number, report: Report): void {
    const member = this.#members[index];
    if (member === undefined) return;
    switch (report.type) {
      case 'ready':
        return member.ready.reach();
      case 'interval':
        member.progress = report.progress;
        return this.#onIntervals(report.intervals);
      case 'sent':
        member.progress = report.progress;
        return member.sent.reach();
      case 'done':
        this.#onIntervals(report.report.intervals);
        return member.done.reach(report.report);
      case 'crashed':
        this.#lastWords.push(report.report);
        this.#onIntervals(report.report.intervals);
        return member.crashed.reach(report.before);
      case 'failed': {
        const error = fromPlainError(report.error);
        for (const milestone of this.#members.flatMap(({ ready, sent, done, crashed }) => [
          ready,
          sent,
          done,
          crashed,
        ])) {
          milestone.fail(error);
        }
      }
    }
  }
}

/** Whether what arrives there is what counts as delivered. */
function countsArrivals({ role }: Assignment): boolean {
  return role.kind === 'consumers' || (role.kind === 'participant' && role.participant === 'order');
}

/** A promise that is settled from outside, and whose failure nobody need be waiting for yet. */
class Milestone<T> {
  readonly reached: Promise<T>;
  #resolve: (value: T) => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor() {
    this.reached = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // the failure is told to whoever awaits a milestone; those that nobody awaits must not end the process
    this.reached.catch(() => undefined);
  }

  reach(value: T): void {
    this.#resolve(value);
  }

  fail(error: Error): void {
    this.#reject(error);
  }
}
