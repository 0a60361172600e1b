import { LatencyHistogram, type EncodedLatency } from './latency.ts';

/** What happened in one second of a trial, or in the part of one that lies in a phase, by when it happened. */
export interface Interval {
  /** whole seconds since the start of the load */
  readonly second: number;
  /** in which it happened, from 0; past the last one: after the load */
  readonly phase: number;
  readonly attempted: number;
  readonly acknowledged: number;
  /** sends that failed, or whose outcome nobody knows */
  readonly notAcknowledged: number;
  /** first deliveries, over all subscriptions */
  readonly delivered: number;
  /** of those first deliveries; two digits */
  readonly endToEnd: EncodedLatency;
}

/** Counts one agent's events by the second, and the phase, in which they happen. */
export class IntervalCounter {
  readonly #startNs: number;
  /** when each phase is over */
  readonly #phaseEndsNs: readonly number[];
  #second = 0;
  #phase = 0;
  /** the end of the interval under way */
  #untilNs: number;
  #attempted = 0;
  #acknowledged = 0;
  #notAcknowledged = 0;
  #delivered = 0;
  #endToEnd = new LatencyHistogram(2);
  #sealed: Interval[] = [];

  /** @param phaseSeconds how long each phase of the load takes */
  constructor(startNs: number, phaseSeconds: readonly number[]) {
    this.#startNs = startNs;
    let seconds = 0;
    this.#phaseEndsNs = phaseSeconds.map((each) => startNs + (seconds += each) * 1e9);
    this.#untilNs = this.#endNs();
  }

  /** The load is given up: what happens from now on is after it. */
  endLoad(nowNs: number): void {
    this.#seek(nowNs);
    if (this.#phase === this.#phaseEndsNs.length) return;
    this.#seal();
    this.#phase = this.#phaseEndsNs.length;
    this.#untilNs = this.#endNs();
  }

  attempted(atNs: number): void {
    this.#seek(atNs);
    this.#attempted++;
  }

  acknowledged(atNs: number): void {
    this.#seek(atNs);
    this.#acknowledged++;
  }

  notAcknowledged(atNs: number): void {
    this.#seek(atNs);
    this.#notAcknowledged++;
  }

  delivered(atNs: number, endToEndNs: number): void {
    this.#seek(atNs);
    this.#delivered++;
    this.#endToEnd.record(endToEndNs);
  }

  /** The seconds that are over by now, each handed out once. */
  take(nowNs: number): readonly Interval[] {
    this.#seek(nowNs);
    const sealed = this.#sealed;
    this.#sealed = [];
    return sealed;
  }

  /** The same, with the second under way. */
  takeAll(nowNs: number): readonly Interval[] {
    this.#seek(nowNs);
    this.#seal();
    return this.take(nowNs);
  }

  #seek(atNs: number): void {
    if (atNs < this.#untilNs) return;
    this.#seal();
    this.#second = Math.floor((atNs - this.#startNs) / 1e9);
    while (atNs >= (this.#phaseEndsNs[this.#phase] ?? Infinity)) this.#phase++;
    this.#untilNs = this.#endNs();
  }

  #endNs(): number {
    return Math.min(this.#startNs + (this.#second + 1) * 1e9, this.#phaseEndsNs[this.#phase] ?? Infinity);
  }

  #seal(): void {
    if (this.#attempted + this.#acknowledged + this.#notAcknowledged + this.#delivered === 0) return;
    this.#sealed.push({
      second: this.#second,
      phase: this.#phase,
      attempted: this.#attempted,
      acknowledged: this.#acknowledged,
      notAcknowledged: this.#notAcknowledged,
      delivered: this.#delivered,
      endToEnd: this.#endToEnd.encode(),
    });
    this.#attempted = 0;
    this.#acknowledged = 0;
    this.#notAcknowledged = 0;
    this.#delivered = 0;
    this.#endToEnd = new LatencyHistogram(2);
  }
}

/** A second of the trial over all agents. */
export interface IntervalRow {
  readonly second: number;
  /** by the plan */
  readonly due: number;
  readonly attempted: number;
  readonly acknowledged: number;
  /** sends that failed, or whose outcome nobody knows */
  readonly notAcknowledged: number;
  /** first deliveries, over all subscriptions */
  readonly delivered: number;
  /**
   * Messages due by the end of the second, whose sends did not fail, and which were not yet delivered to every
   * subscription: wherever they wait, at a client whose window is full or on the broker.
   */
  readonly backlog: number;
  readonly endToEndP50Us: number | null;
  readonly endToEndP99Us: number | null;
}

/** How many events there were in the time of a phase, of whatever phase the messages were planned in. */
export interface Happened {
  readonly attempted: number;
  readonly acknowledged: number;
  /** first deliveries, over all subscriptions */
  readonly delivered: number;
}

type Counts = { -readonly [count in Exclude<keyof Interval, 'second' | 'phase' | 'endToEnd'>]: number };

/** Gathers the intervals of all agents into one series without gaps. */
export class IntervalSeries {
  readonly #subscriptions: number;
  readonly #dueBefore: (second: number) => number;
  /** the latencies as they came: a histogram takes 13 KB whatever is in it, which a day has 86,400 times */
  readonly #seconds = new Map<number, { counts: Counts; endToEnd: EncodedLatency[] }>();
  readonly #phases: Counts[] = [];

  /** @param dueBefore messages planned for [0, second); asked for seconds that are over */
  constructor(subscriptions: number, dueBefore: (second: number) => number) {
    this.#subscriptions = subscriptions;
    this.#dueBefore = dueBefore;
  }

  add(interval: Interval): void {
    let row = this.#seconds.get(interval.second);
    if (row === undefined) {
      row = { counts: nothing(), endToEnd: [] };
      this.#seconds.set(interval.second, row);
    }
    if (interval.endToEnd.histogram !== null) row.endToEnd.push(interval.endToEnd);
    addTo(row.counts, interval);
    addTo((this.#phases[interval.phase] ??= nothing()), interval);
  }

  happenedIn(phase: number): Happened {
    const { attempted, acknowledged, delivered } = this.#phases[phase] ?? nothing();
    return { attempted, acknowledged, delivered };
  }

  rows(): readonly IntervalRow[] {
    const end = [...this.#seconds.keys()].reduce((last, second) => Math.max(last, second + 1), 0);
    let done = 0;
    return Array.from({ length: end }, (_, second) => {
      done += this.#doneIn(second);
      return this.#row(second, done);
    });
  }

  /** One second's row; of zeros where nothing happened. */
  at(second: number): IntervalRow {
    let done = 0;
    for (const each of this.#seconds.keys()) if (each <= second) done += this.#doneIn(each);
    return this.#row(second, done);
  }

  /** Messages that need not be waited for any more. */
  #doneIn(second: number): number {
    const { notAcknowledged, delivered } = this.#seconds.get(second)?.counts ?? nothing();
    return notAcknowledged + delivered / this.#subscriptions;
  }

  #row(second: number, done: number): IntervalRow {
    const row = this.#seconds.get(second);
    const dueByItsEnd = this.#dueBefore(second + 1);
    const endToEnd = new LatencyHistogram(2);
    for (const each of row?.endToEnd ?? []) endToEnd.add(each);
    return {
      second,
      due: dueByItsEnd - this.#dueBefore(second),
      ...(row?.counts ?? nothing()),
      // a send with an unknown outcome may arrive after all, and is done twice then
      backlog: Math.max(0, dueByItsEnd - done),
      endToEndP50Us: endToEnd.quantileUs(0.5),
      endToEndP99Us: endToEnd.quantileUs(0.99),
    };
  }
}

function nothing(): Counts {
  return { attempted: 0, acknowledged: 0, notAcknowledged: 0, delivered: 0 };
}

function addTo(counts: Counts, interval: Interval): void {
  counts.attempted += interval.attempted;
  counts.acknowledged += interval.acknowledged;
  counts.notAcknowledged += interval.notAcknowledged;
  counts.delivered += interval.delivered;
}
