/** What an option has to be, or it is out, however good it is otherwise. */
export type Veto = Bound | { readonly oneOf: readonly string[] };

interface Bound {
  readonly operator: (typeof OPERATORS)[number];
  /** in the unit of the criterion */
  readonly bound: number;
}

const OPERATORS = ['<=', '>=', '==', '<', '>'] as const;

const BOUND = /^(<=|>=|==|<|>)\s*(-?\d+(?:\.\d+)?)$/;

/** `<= 100`. @returns undefined where it is no bound */
export function predicateOf(text: string): Bound | undefined {
  const [, written, bound] = BOUND.exec(text.trim()) ?? [];
  const operator = OPERATORS.find((each) => each === written);
  return operator === undefined ? undefined : { operator, bound: Number(bound) };
}

/** Whether an option with this raw score stays in. */
export function passes(veto: Veto, raw: number | string): boolean {
  if ('oneOf' in veto) return veto.oneOf.includes(String(raw));
  const value = Number(raw);
  switch (veto.operator) {
    case '<':
      return value < veto.bound;
    case '<=':
      return value <= veto.bound;
    case '>':
      return value > veto.bound;
    case '>=':
      return value >= veto.bound;
    case '==':
      return value === veto.bound;
  }
}

/** `unless <= 100` */
export function vetoText(veto: Veto): string {
  return 'oneOf' in veto ? veto.oneOf.join(' or ') : `${veto.operator} ${veto.bound}`;
}
