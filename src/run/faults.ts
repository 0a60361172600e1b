import { msUntil, nowNs } from '../clock/index.ts';
import type { Fault, NetworkDelay, Target } from '../scenario/index.ts';

/**
 * Has brokers and networks fail; handed in, because only who started a broker can do that to it. Consumers that
 * crash are not its business.
 */
export interface FaultInjector {
  /** Why the target cannot have that fault; undefined where it can. Fetches what it takes. */
  objection(target: Target, fault: Fault): Promise<string | undefined>;
  /** What it takes to make the faults of a trial, none of which has been objected to. */
  prepare(target: Target, faults: readonly Fault[]): Promise<PreparedFaults>;
}

/** Of one trial. Disposing it takes away what it took; no agent may be at work any more. */
interface PreparedFaults extends AsyncDisposable {
  /** what agents connect to, so that the faults reach them */
  readonly target: Target;
  /** Makes the fault happen; the returned function ends it. Both resolve when that is done. */
  begin(fault: Fault): Promise<() => Promise<void>>;
}

/** Can do nothing to any target. */
export const NO_FAULTS: FaultInjector = {
  objection: async () => 'nothing here could make it',
  prepare: async (target) => ({
    target,
    begin: async ({ kind }) => {
      throw new Error(`no ${kind} for ${target.name}`);
    },
    [Symbol.asyncDispose]: async () => undefined,
  }),
};

/** When a fault really began and ended, in seconds from the start of the load. */
export interface FaultTimes {
  readonly kind: Fault['kind'];
  readonly fromSeconds: number;
  /** when what ended it was done: a broker that was killed serves clients again; null: not within the trial */
  readonly toSeconds: number | null;
  /** of a slow network: what it took longer in each direction; null for all others */
  readonly delay: NetworkDelay | null;
}

/** Has the faults of a trial begin and end at their times. Disposing it ends the one that is under way. */
export class FaultSchedule implements AsyncDisposable {
  readonly #startNs: number;
  readonly #begin: (fault: Fault) => Promise<() => Promise<void>>;
  readonly #timers: NodeJS.Timeout[];
  readonly #times = new Map<Fault, FaultTimes>();
  readonly #ends = new Map<Fault, () => Promise<void>>();
  /** all that was done so far, one after the other */
  #done: Promise<void> = Promise.resolve();
  #fail: (error: Error) => void = () => {};
  /** Rejects when a fault could not be made, or ended; never resolves. */
  readonly failure: Promise<never>;

  /** @param startNs of the load, on the host's clock */
  constructor(
    faults: readonly Fault[],
    startNs: number,
    begin: (fault: Fault) => Promise<() => Promise<void>>,
  ) {
    this.#startNs = startNs;
    this.#begin = begin;
    this.failure = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // whoever awaits nothing any more when it fails must not be ended by it
    this.failure.catch(() => undefined);
    this.#timers = faults.flatMap((fault) => [
      setTimeout(() => this.#next(() => this.#started(fault)), msUntil(startNs, fault.atSeconds)),
      setTimeout(
        () => this.#next(() => this.#ended(fault)),
        msUntil(startNs, fault.atSeconds + fault.forSeconds),
      ),
    ]);
  }

  /** In the order in which they began. */
  get times(): readonly FaultTimes[] {
    return [...this.#times.values()];
  }

  /** Nothing begins from now on, and all that has begun is ended. */
  async over(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#done;
    for (const fault of this.#ends.keys()) this.#next(() => this.#ended(fault));
    await this.#done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.over();
  }

  #next(act: () => Promise<void>): void {
    this.#done = this.#done
      .then(act)
      .catch((error: unknown) => this.#fail(error instanceof Error ? error : new Error(String(error))));
  }

  async #started(fault: Fault): Promise<void> {
    const fromSeconds = this.#seconds();
    this.#ends.set(fault, await this.#begin(fault));
    const { kind } = fault;
    const delay = kind === 'slow' ? { latencyMs: fault.latencyMs, jitterMs: fault.jitterMs } : null;
    this.#times.set(fault, { kind, fromSeconds, toSeconds: null, delay });
  }

  async #ended(fault: Fault): Promise<void> {
    const [end, times] = [this.#ends.get(fault), this.#times.get(fault)];
    if (end === undefined || times === undefined) return;
    this.#ends.delete(fault);
    await end();
    this.#times.set(fault, { ...times, toSeconds: this.#seconds() });
  }

  #seconds(): number {
    return (nowNs() - this.#startNs) / 1e9;
  }
}
