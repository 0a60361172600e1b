import { theilSenSlope } from '../stats/index.ts';
import type { IntervalRow } from './intervals.ts';

/** Fewer seconds show no trend. */
const MIN_TREND_SECONDS = 5;
/** A backlog that grows by more than this share of the planned rate is not bounded. */
export const GROWING_SHARE = 0.01;
/** ... once it holds more than this many seconds of the load. */
const GROWN_SECONDS = 0.1;

/** What waited while a load ran. */
interface Backlog {
  /** most messages, at the end of a second; null for less than one */
  readonly backlogPeak: number | null;
  /** by how much it grew, messages a second; null where there are too few to tell */
  readonly backlogSlope: number | null;
}

export function backlogOf(rows: readonly IntervalRow[]): Backlog {
  const backlogs = rows.map(({ backlog }) => backlog);
  return {
    backlogPeak: backlogs.length === 0 ? null : Math.max(...backlogs),
    backlogSlope: backlogs.length < MIN_TREND_SECONDS ? null : theilSenSlope(backlogs),
  };
}

/** A measured phase, as far as it ran. */
export interface PhaseRows {
  readonly name: string;
  readonly fromPerSecond: number;
  readonly toPerSecond: number;
  /** the whole seconds that lie in it */
  readonly rows: readonly IntervalRow[];
}

/** Where a backlog grew, and to what. */
export interface Growth {
  /** a phase; undefined: over all of them */
  readonly phase: string | undefined;
  readonly perSecond: number;
  readonly to: number;
}

/**
 * Where the broker fell behind: each phase of an even rate in which the backlog kept growing, and the load as a
 * whole where it ends no faster than it began. While the rate itself rises, as in a ramp, a backlog grows with it
 * though every message waits as long as before (Little's law), so that there is nothing to tell.
 */
export function growthOf(phases: readonly PhaseRows[]): readonly Growth[] {
  const grown = phases
    .filter(({ fromPerSecond, toPerSecond }) => fromPerSecond === toPerSecond)
    .flatMap(({ name, toPerSecond, rows }) => growth(name, rows, toPerSecond));
  if (grown.length > 0) return grown;
  const [first, last] = [phases[0], phases.at(-1)];
  if (first === undefined || last === undefined || last.toPerSecond > first.fromPerSecond) return [];
  return growth(
    undefined,
    phases.flatMap(({ rows }) => rows),
    first.fromPerSecond,
  );
}

function growth(phase: string | undefined, rows: readonly IntervalRow[], offeredPerSecond: number): Growth[] {
  const { backlogSlope } = backlogOf(rows);
  const to = rows.at(-1)?.backlog ?? 0;
  if (backlogSlope === null || backlogSlope <= GROWING_SHARE * offeredPerSecond) return [];
  return to > GROWN_SECONDS * offeredPerSecond ? [{ phase, perSecond: backlogSlope, to }] : [];
}
