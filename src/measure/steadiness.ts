import { median, mserCut } from '../stats/index.ts';
import type { PhaseRows } from './backlog.ts';

/** Medians that differ by less than this factor are alike: p50 of a second varies by some percent on a quiet machine. */
const ALIKE = 1.25;

/**
 * Whether the latencies of each measured phase of an even rate were the same from its beginning to its end, by the
 * p50 of its seconds: a broker that is still compiling, filling its caches or handing out partitions is faster later,
 * and where that is the first phase a longer warm-up would leave it out. A line for each phase that was not; those of less than ten seconds are
 * too short to tell.
 */
export function unsteadiness(phases: readonly PhaseRows[]): readonly string[] {
  const advice = '; a longer warm-up would leave them out';
  return phases
    .filter(({ fromPerSecond, toPerSecond }) => fromPerSecond === toPerSecond)
    .flatMap(({ name, rows }) => {
      const values = rows.flatMap(({ endToEndP50Us }) => endToEndP50Us ?? []);
      if (values.length < 10) return [];
      const cut = mserCut(values);
      const at = cut ?? Math.floor(values.length / 2);
      const [before, after] = [median(values.slice(0, at)), median(values.slice(at))];
      if (before === undefined || after === undefined) return [];
      const factor = Math.max(before / after, after / before);
      if (factor < ALIKE) return [];
      const change = `p50 went from ${inMs(before)} to ${inMs(after)} ms`;
      return cut === undefined
        ? [`${name} did not settle: ${change} between its halves`]
        : [
            `the first ${cut} s of ${name} were not like the rest: ${change}${name === phases[0]?.name ? advice : ''}`,
          ];
    });
}

function inMs(us: number): string {
  const ms = us / 1000;
  return ms < 100 ? ms.toPrecision(3) : ms.toFixed(0);
}
