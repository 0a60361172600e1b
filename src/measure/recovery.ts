import type { Phase } from '../scenario/index.ts';
import { median } from '../stats/index.ts';
import type { IntervalRow } from './intervals.ts';

/** How a trial came back from its busiest phase to what it was before. */
export interface Recovery {
  /** the phase before it: what the trial is compared with */
  readonly before: string;
  /** the busiest phase, the last of several */
  readonly peak: string;
  /** whole seconds from the end of the busiest phase; null: not within the time that was watched */
  readonly seconds: number | null;
  /** seconds of load after the busiest phase */
  readonly watchedSeconds: number;
  /** how the backlog of the busiest phase was worked off; null where it left none */
  readonly drain: PeakDrain | null;
}

/** How what had piled up was worked off, while new messages kept coming. */
interface PeakDrain {
  /** messages that waited when the busiest phase ended */
  readonly backlog: number;
  /** whole seconds from then until no more waited than usual; null: not within the trial */
  readonly seconds: number | null;
  /**
   * the same, as deliveries at the rate of the busiest phase would have it against the load that was planned after
   * it; null where they would never catch up
   */
  readonly predictedSeconds: number | null;
}

/** A second is as before up to this multiple of the median second's p99: twice is beyond the noise of a quiet second. */
const P99_TIMES = 2;
/** A backlog that is worked off within this time is none. */
const BACKLOG_SECONDS = 0.1;
/** So many seconds running must be as before: one good second amid bad ones is no recovery. */
const RUNNING = 3;

/**
 * From the end of the busiest phase to the first of three seconds running in which the p99 is at most twice what
 * the median second had before, and the backlog at most what it was before or a tenth of a second of the load.
 * The resolution is a second. A second without enough deliveries for a p99 is judged by its backlog.
 *
 * @param subscriptions each of which every message is delivered to
 * @returns undefined for a load without a measured phase on either side of a busier one
 */
export function recoveryOf(
  rows: readonly IntervalRow[],
  phases: readonly Phase[],
  subscriptions: number,
): Recovery | undefined {
  const spans = spansOf(phases);
  const busiest = spans.reduce<Span | undefined>(
    (most, each) => (most === undefined || each.perSecond >= most.perSecond ? each : most),
    undefined,
  );
  const before = spans.find(({ phase }) => !phase.warmup);
  if (busiest === undefined || before === undefined || before.perSecond >= busiest.perSecond)
    return undefined;
  const last = spans.at(-1);
  if (last === undefined || last.perSecond >= busiest.perSecond) return undefined;

  const quiet = rows.slice(Math.ceil(before.from), Math.floor(before.to));
  const usualP99 = median(quiet.flatMap(({ endToEndP99Us }) => endToEndP99Us ?? []));
  const usualBacklog = Math.max(0, ...quiet.map(({ backlog }) => backlog));
  const bearable = Math.max(usualBacklog, BACKLOG_SECONDS * last.perSecond);
  const isAsBefore = ({ endToEndP99Us, backlog }: IntervalRow): boolean =>
    backlog <= bearable &&
    (endToEndP99Us === null || usualP99 === undefined || endToEndP99Us <= P99_TIMES * usualP99);

  const from = Math.ceil(busiest.to);
  const watched = rows.slice(from, Math.floor(last.to));
  const at = watched.findIndex((_, second) => {
    const run = watched.slice(second, second + RUNNING);
    return run.length === RUNNING && run.every(isAsBefore);
  });
  return {
    before: before.phase.name,
    peak: busiest.phase.name,
    seconds: at < 0 ? null : at,
    watchedSeconds: watched.length,
    drain: drainOf(rows, spans, busiest, bearable, subscriptions),
  };
}

function drainOf(
  rows: readonly IntervalRow[],
  spans: readonly Span[],
  busiest: Span,
  bearable: number,
  subscriptions: number,
): PeakDrain | null {
  const from = Math.floor(busiest.to);
  const backlog = rows[from - 1]?.backlog ?? 0;
  if (backlog <= bearable) return null;
  const inside = rows.slice(Math.ceil(busiest.from), from);
  const delivered = inside.reduce((sum, row) => sum + row.delivered, 0);
  const at = rows.slice(from).findIndex((row) => row.backlog <= bearable);
  return {
    backlog,
    seconds: at < 0 ? null : at + 1,
    predictedSeconds: predict(
      backlog - bearable,
      delivered / subscriptions / inside.length,
      spans.slice(spans.indexOf(busiest) + 1),
    ),
  };
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
