import type { Disturbance, Phase } from '../scenario/index.ts';
import { median } from '../stats/index.ts';
import type { IntervalRow } from './intervals.ts';

/** How a trial came back from its busiest phase, or from a disturbance, to what it was before. */
export interface Recovery {
  /** what it came back from: `sale`, `kill at 20 s` */
  readonly after: string;
  /** the phase that it is compared with, as far as it lies before that */
  readonly before: string;
  /** whole seconds from the end of it; null: not within the time that was watched */
  readonly seconds: number | null;
  /** seconds of load after it */
  readonly watchedSeconds: number;
  /** how what had piled up was worked off; null where nothing had */
  readonly drain: RecoveryDrain | null;
}

/** How what had piled up was worked off, while new messages kept coming. */
interface RecoveryDrain {
  /** messages that waited when it ended, without those that were not acknowledged in the end */
  readonly backlog: number;
  /** whole seconds from then until no more waited than usual; null: not within the trial */
  readonly seconds: number | null;
  /** deliveries a second to each subscription in that time */
  readonly deliveredPerSecond: number;
  /**
   * the same seconds, as a steady rate of delivery would have it against the load that was planned: that of the
   * busiest phase, or of the best second after a disturbance; null where it would never catch up
   */
  readonly predictedSeconds: number | null;
}

/** What was planned. */
export interface RecoveryPlan {
  readonly phases: readonly Phase[];
  readonly disturbances: readonly Disturbance[];
  /** each of which every message is delivered to */
  readonly subscriptions: number;
}

/** A second is as before up to this multiple of the median second's p99: twice is beyond the noise of a quiet second. */
const P99_TIMES = 2;
/** A backlog that is worked off within this time is none. */
const BACKLOG_SECONDS = 0.1;
/** So many seconds running must be as before: one good second amid bad ones is no recovery. */
const RUNNING = 3;

/**
 * From the end of the busiest phase, and of each disturbance, to the first of three seconds running in which the p99
 * is at most twice what the median second had before, and the backlog at most what it was before or a tenth of a
 * second of the load. The resolution is a second. A second without enough deliveries for a p99 is judged by its
 * backlog. A load has a busiest phase only if there is a quieter measured one on either side of it.
 */
export function recoveriesOf(rows: readonly IntervalRow[], plan: RecoveryPlan): readonly Recovery[] {
  const spans = spansOf(plan.phases);
  const episodes = [peakOf(spans), ...plan.disturbances.map((each) => disturbedBy(each, spans))];
  return episodes.flatMap((episode) =>
    episode === undefined ? [] : [recoveryFrom(episode, rows, spans, plan.subscriptions)],
  );
}

/** What is come back from. Times in seconds from the start of the load. */
interface Episode {
  readonly after: string;
  readonly before: string;
  /** shows what is usual */
  readonly usual: readonly [from: number, to: number];
  readonly end: number;
  /** shows how fast messages are delivered when as many as possible are; undefined: when it is over */
  readonly fast: readonly [from: number, to: number] | undefined;
}

function peakOf(spans: readonly Span[]): Episode | undefined {
  const busiest = spans.reduce<Span | undefined>(
    (most, each) => (most === undefined || each.perSecond >= most.perSecond ? each : most),
    undefined,
  );
  const before = spans.find(({ phase }) => !phase.warmup);
  const last = spans.at(-1);
  if (busiest === undefined || before === undefined || last === undefined) return undefined;
  if (before.perSecond >= busiest.perSecond || last.perSecond >= busiest.perSecond) return undefined;
  return {
    after: busiest.phase.name,
    before: before.phase.name,
    usual: [before.from, before.to],
    end: busiest.to,
    fast: [busiest.from, busiest.to],
  };
}

/** @returns undefined where no whole second of the load lies before it in its phase, or after it */
function disturbedBy(
  { name, fromSeconds, toSeconds }: Disturbance,
  spans: readonly Span[],
): Episode | undefined {
  const before = spans.find(({ from, to }) => from <= fromSeconds && fromSeconds <= to);
  const loadEnd = spans.at(-1)?.to ?? 0;
  if (before === undefined || Math.floor(fromSeconds) <= Math.ceil(before.from)) return undefined;
  if (Math.floor(loadEnd) <= Math.ceil(toSeconds)) return undefined;
  const usual = [before.from, fromSeconds] as const;
  return { after: name, before: before.phase.name, usual, end: toSeconds, fast: undefined };
}

function recoveryFrom(
  episode: Episode,
  rows: readonly IntervalRow[],
  spans: readonly Span[],
  subscriptions: number,
): Recovery {
  const last = spans.at(-1);
  const quiet = within(rows, episode.usual);
  const usualP99 = median(quiet.flatMap(({ endToEndP99Us }) => endToEndP99Us ?? []));
  const usualBacklog = Math.max(0, ...quiet.map(({ backlog }) => backlog));
  const bearable = Math.max(usualBacklog, BACKLOG_SECONDS * (last?.perSecond ?? 0));
  const isAsBefore = ({ endToEndP99Us, backlog }: IntervalRow): boolean =>
    backlog <= bearable &&
    (endToEndP99Us === null || usualP99 === undefined || endToEndP99Us <= P99_TIMES * usualP99);
  const watched = within(rows, [episode.end, last?.to ?? 0]);
  const at = watched.findIndex((_, second) => {
    const run = watched.slice(second, second + RUNNING);
    return run.length === RUNNING && run.every(isAsBefore);
  });
  return {
    after: episode.after,
    before: episode.before,
    seconds: at < 0 ? null : at,
    watchedSeconds: watched.length,
    drain: drainOf(episode, rows, spans, bearable, subscriptions),
  };
}

function drainOf(
  { end, fast }: Episode,
  rows: readonly IntervalRow[],
  spans: readonly Span[],
  bearable: number,
  subscriptions: number,
): RecoveryDrain | null {
  const from = Math.floor(end);
  const atEnd = rows[from - 1]?.backlog ?? 0;
  const at = rows.slice(from).findIndex((row) => row.backlog <= bearable);
  const draining = rows.slice(from, at < 0 ? undefined : from + at + 1);
  // what was sent into a network that lost it waits until that is known, and nobody delivers it
  const backlog = atEnd - draining.reduce((sum, row) => sum + row.notAcknowledged, 0);
  if (backlog <= bearable) return null;
  const perSecond = draining.map((row) => row.delivered / subscriptions);
  const rate = fast === undefined ? Math.max(0, ...perSecond) : mean(within(rows, fast), subscriptions);
  const ahead = spans.filter(({ to }) => to > end);
  return {
    backlog,
    seconds: at < 0 ? null : at + 1,
    deliveredPerSecond: mean(draining, subscriptions),
    predictedSeconds: predict(
      backlog - bearable,
      rate,
      ahead.map((span) => ({ ...span, from: Math.max(span.from, end) })),
    ),
  };
}

/** Deliveries a second to each subscription. */
function mean(rows: readonly IntervalRow[], subscriptions: number): number {
  const delivered = rows.reduce((sum, row) => sum + row.delivered, 0);
  return rows.length === 0 ? 0 : delivered / subscriptions / rows.length;
}

/** Seconds until so many messages are delivered beyond those that come in meanwhile. */
function predict(excess: number, deliveredPerSecond: number, spans: readonly Span[]): number | null {
  let left = excess;
  let seconds = 0;
  for (const { perSecond, from, to } of spans) {
    const gain = deliveredPerSecond - perSecond;
    if (gain > 0 && left <= gain * (to - from)) return seconds + left / gain;
    left -= gain * (to - from);
    seconds += to - from;
  }
  return deliveredPerSecond > 0 ? seconds + left / deliveredPerSecond : null;
}

/** The whole seconds that lie in a span. */
function within(rows: readonly IntervalRow[], [from, to]: readonly [number, number]): readonly IntervalRow[] {
  return rows.slice(Math.ceil(from), Math.max(Math.ceil(from), Math.floor(to)));
}

interface Span {
  readonly phase: Phase;
  readonly perSecond: number;
  readonly from: number;
  readonly to: number;
}

function spansOf(phases: readonly Phase[]): readonly Span[] {
  let to = 0;
  return phases.map((phase) => {
    const from = to;
    to += phase.seconds;
    return { phase, perSecond: (phase.fromPerSecond + phase.toPerSecond) / 2, from, to };
  });
}
