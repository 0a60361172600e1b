import type { CapacityResult, Result } from '../result/index.ts';
import { formatMs, formatRate } from './format.ts';

export const CAPACITY_COLUMNS = [
  'scenario',
  'target',
  'capacity/s',
  'fits',
  'too much',
  'limit',
  'p50 ms at what fits',
  'p99 ms',
  'trials',
] as const;

/** A row for each target whose capacity was looked for. */
export function capacityRows({ capacities }: Result): readonly (readonly string[])[] {
  return capacities.map((each) => {
    const { scenario, target, perSecond, fitsPerSecond, tooMuchPerSecond, limit, isConfirmed, curve } = each;
    const best = curve.findLast(({ plannedRate, fits }) => fits && plannedRate === fitsPerSecond);
    const tooMuch = tooMuchPerSecond === null ? 'not found' : formatRate(tooMuchPerSecond);
    return [
      scenario,
      target,
      `${tooMuchPerSecond === null ? 'at least ' : ''}${formatRate(perSecond)}${isConfirmed ? '' : ' ?'}`,
      formatRate(fitsPerSecond),
      tooMuch,
      limit,
      formatMs(best?.p50Us ?? null),
      formatMs(best?.p99Us ?? null),
      String(curve.length),
    ];
  });
}

export const CURVE_COLUMNS = [
  'target',
  'planned/s',
  'delivered/s',
  'verdict',
  'p50 ms',
  'p99 ms',
  'fits',
] as const;

/** Latency against load: every trial, by its rate. */
export function curveRows({ capacities }: Result): readonly (readonly string[])[] {
  return capacities.flatMap(({ target, curve }) =>
    curve.map(({ plannedRate, deliveredRate, verdict, fits, p50Us, p99Us }) => [
      target,
      formatRate(plannedRate),
      formatRate(deliveredRate),
      verdict,
      // of a load that was not carried a latency only tells how long it ran
      verdict === 'sustained' ? formatMs(p50Us) : '-',
      verdict === 'sustained' ? formatMs(p99Us) : '-',
      fits ? 'yes' : 'no',
    ]),
  );
}

/** What the table cannot say in a number. */
export function capacityNotes({ capacities }: Result): readonly string[] {
  const told = (which: (each: CapacityResult) => boolean, what: string): readonly string[] => {
    const names = capacities.filter(which).map(({ target }) => target);
    return names.length === 0 ? [] : [`${names.join(', ')}: ${what}`];
  };
  const [first] = capacities;
  return [
    ...(first === undefined
      ? []
      : [`a rate fits when the load is carried and ${first.objectives.join(', ')}`]),
    ...told(({ limit }) => limit === 'mqbench', 'mqbench itself was the limit; the broker may carry more'),
    ...told(
      ({ isConfirmed }) => !isConfirmed,
      'the repeated trials contradict each other (marked ?); make the phases longer, or the precision coarser',
    ),
  ];
}
