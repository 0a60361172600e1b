import type { Interval } from '../measure/index.ts';
import type { PartProgress } from '../workloads/index.ts';
import { type AgentReport, type Assignment, fromPlainError, type Order, type Report } from './protocol.ts';
import type { Engine, RemoteAgent } from './thread-engine.ts';

interface Member {
  readonly agent: RemoteAgent;
  readonly ready: Milestone<void>;
  readonly sent: Milestone<void>;
  readonly done: Milestone<AgentReport>;
  progress: PartProgress;
}

/** All agents of a trial, led as one. */
export class Crew implements AsyncDisposable {
  readonly #members: readonly Member[];
  readonly #onIntervals: (intervals: readonly Interval[]) => void;

  constructor(
    engine: Engine,
    assignments: readonly Assignment[],
    onIntervals: (intervals: readonly Interval[]) => void,
  ) {
    this.#onIntervals = onIntervals;
    this.#members = assignments.map((assignment, index) => ({
      agent: engine.start(assignment, (report) => this.#receive(index, report)),
      ready: new Milestone<void>(),
      sent: new Milestone<void>(),
      done: new Milestone<AgentReport>(),
      progress: {
        acknowledged: 0,
        arrived: assignment.role.kind === 'consumers' ? 0 : undefined,
        lastArrivalNs: 0,
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

  /** Closes the agents and gathers their reports. */
  async finish(): Promise<readonly AgentReport[]> {
    this.order({ type: 'finish' });
    return Promise.all(this.#members.map((member) => member.done.reached));
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

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map((member) => member.agent[Symbol.asyncDispose]()));
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
      case 'failed': {
        const error = fromPlainError(report.error);
        for (const milestone of this.#members.flatMap((each) => [each.ready, each.sent, each.done])) {
          milestone.fail(error);
        }
      }
    }
  }
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
