import type { Check } from '../scenario/index.ts';

/** What a check came to; the value is null where there were too few samples to say it, which fails it. */
export interface CheckOutcome {
  readonly check: string;
  readonly value: number | null;
  readonly bound: number;
  readonly passed: boolean;
}

/** @param value of the check's metric, in the metric's own unit */
export function evaluate(check: Check, value: number | null): CheckOutcome {
  return {
    check: check.text,
    value,
    bound: check.bound,
    passed: value !== null && holds(value, check.operator, check.bound),
  };
}

function holds(value: number, operator: Check['operator'], bound: number): boolean {
  switch (operator) {
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    case '==':
      return value === bound;
    case '!=':
      return value !== bound;
  }
}
