import type { Result } from '../result/index.ts';
import { compare } from './compare.ts';
import type { Comparison } from './comparison.ts';
import type { Aspect, Policy } from './policy/index.ts';

/** What two sides may differ in, since one of these is what is asked about. */
const ASKED_ABOUT: readonly Aspect[] = ['load', 'contract', 'server', 'client', 'emulation'];

/** Compares the two sides of a campaign that measured them in turns: `b` with `a`. */
export function compareSides(result: Result, policy: Policy): Comparison {
  const names = (['a', 'b'] as const).map((side) => {
    const trial = result.trials.find((each) => each.side === side);
    return { scenario: trial?.scenario ?? '', target: trial?.target ?? '' };
  });
  const [a, b] = names;
  const scenario = joined(a?.scenario, b?.scenario);
  const target = joined(a?.target, b?.target);
  const sideOf = (side: 'a' | 'b', index: number): Result => ({
    ...result,
    // the scenarios of both may have one name
    scenarios: [{ ...(result.scenarios[index] ?? result.scenarios[0]), name: scenario }],
    trials: result.trials
      .filter((trial) => trial.side === side)
      .map((trial) => ({ ...trial, scenario, target })),
    failures: result.failures
      .filter((failure) => failure.side === side)
      .map((failure) => ({ ...failure, scenario, target })),
    refusals: [],
  });
  const allow = [...new Set([...policy.allow, ...ASKED_ABOUT])];
  return compare([sideOf('a', 0)], [sideOf('b', 1)], { ...policy, allow }, 'in turns');
}

/** `kafka`, or `kafka → kafka-kafkajs`; that of the one where the other has no trial */
function joined(one = '', other = ''): string {
  if (one === '' || other === '') return one === '' ? other : one;
  return one === other ? one : `${one} → ${other}`;
}
