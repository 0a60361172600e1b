import { compare, DEFAULT_POLICY } from '../src/compare/index.ts';
import { readResult, type Result, type TrialResult } from '../src/result/index.ts';
import { Random } from '../src/stats/index.ts';
import { besideYardstick } from './loops/in-turns.ts';

/**
 * How long 10,000 rows take: two campaigns of 5 trials on each of 2,000 targets, made from one that was measured; against
 * copying as much, in alternating order.
 *
 *   node bench/compare.ts
 */
const TARGETS = 2_000;
const REPEATS = 5;
const ROUNDS = 7;

const measured = await readResult(
  new URL('../results/reference/steady-state-fsynced', import.meta.url).pathname,
);
const [template] = measured.trials;
if (template === undefined) throw new Error('it has no trial');
const random = new Random(1, 'bench');
const [baseline, current] = [side('2025-01-01', 'a'), side('2025-02-01', 'b')];

let rows = 0;
const beside = besideYardstick(
  () => {
    rows = compare([baseline], [current], DEFAULT_POLICY).rows.length;
  },
  {
    name: 'copying the trials',
    act: () => void structuredClone(baseline.trials.map(({ measured: each }) => each)),
  },
  ROUNDS,
);
process.stdout.write(`${rows.toLocaleString('en-US')} rows of ${REPEATS} trials a side: ${beside}\n`);

/** A campaign whose latencies vary by 5 %. */
function side(day: string, id: string): Result {
  const trials = Array.from({ length: TARGETS * REPEATS }, (_, index): TrialResult => {
    const factor = Math.exp(0.05 * random.normal());
    const { measured: of } = template as TrialResult;
    const endToEnd = {
      ...of.latency.endToEnd,
      p50Us: 400 * factor,
      p99Us: 3_000 * factor,
      p999Us: 9_000 * factor,
    };
    return {
      ...(template as TrialResult),
      target: `target-${index % TARGETS}`,
      repeat: 1 + Math.floor(index / TARGETS),
      measured: { ...of, deliveredRate: 1_000 * factor, latency: { ...of.latency, endToEnd } },
    };
  });
  return { ...measured, id, startedAt: `${day}T00:00:00.000Z`, trials };
}
