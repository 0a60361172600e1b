import { median } from '../../src/stats/index.ts';

/**
 * What an act takes beside a yardstick, in rounds whose order alternates: `562 (562 567 …) ms; ÷ copying: 8.67 (9.34 …)`.
 * @param yardstick what it is divided by, and how that is called
 */
export function besideYardstick(
  act: () => void,
  yardstick: { readonly name: string; readonly act: () => void },
  rounds: number,
): string {
  const times: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const [first, second] = round % 2 === 0 ? [act, yardstick.act] : [yardstick.act, act];
    const [one, other] = [milliseconds(first), milliseconds(second)];
    const [own, its] = round % 2 === 0 ? [one, other] : [other, one];
    times.push(own);
    ratios.push(own / its);
  }
  return `${told(times, 0)} ms; ÷ ${yardstick.name}: ${told(ratios, 2)}`;
}

function milliseconds(act: () => void): number {
  const startMs = performance.now();
  act();
  return performance.now() - startMs;
}

/** Median, and every round. */
function told(values: readonly number[], digits: number): string {
  return `${(median(values) ?? 0).toFixed(digits)} (${values.map((value) => value.toFixed(digits)).join(' ')})`;
}
