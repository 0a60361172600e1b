import { theilSenSlope } from '../stats/index.ts';
import type { IntervalRow } from './intervals.ts';

/** Fewer seconds show no trend. */
const MIN_TREND_SECONDS = 5;

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
