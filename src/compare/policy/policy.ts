/** What sides have to have in common, by name: each can be allowed to differ. */
export const ASPECTS = [
  'host',
  'load',
  'contract',
  'server',
  'client',
  'emulation',
  'order',
  'canary',
  'tool',
] as const;
export type Aspect = (typeof ASPECTS)[number];

/** What an inconclusive row does to the outcome; it is called inconclusive in any case. */
export const INCONCLUSIVE = ['pass', 'warn', 'fail'] as const;

/** A metric that must not get worse. */
export interface Gate {
  readonly metric: string;
  /** by how much it may change, as a share: 0.1 is 10 % */
  readonly tolerance: number;
  /** undefined: all that is measured */
  readonly phase: string | undefined;
  /** undefined: all */
  readonly scenarios: readonly string[] | undefined;
  /** undefined: all */
  readonly targets: readonly string[] | undefined;
}

/** Whether a gate is about a scenario on a target. */
export function isAbout(
  { scenarios, targets }: Gate,
  { scenario, target }: { readonly scenario: string; readonly target: string },
): boolean {
  return (scenarios?.includes(scenario) ?? true) && (targets?.includes(target) ?? true);
}

/** What is gated, and how sure a verdict has to be. Plain data. */
export interface Policy {
  readonly gates: readonly Gate[];
  /** chance that any gated row is called regressed though nothing changed */
  readonly alpha: number;
  /** chance to find a change of the size that is told as the smallest */
  readonly power: number;
  readonly inconclusive: (typeof INCONCLUSIVE)[number];
  /** by how much tolerances grow where the sides were measured one after the other */
  readonly separate: number;
  readonly allow: readonly Aspect[];
  /** by how much the machine may do work slower that has nothing to do with a broker, as shares */
  readonly canary: { readonly spin: number; readonly roundTrip: number; readonly fsync: number };
  /** of each trial, as planned: whether they can find anything is told when the policy is read; undefined: not told */
  readonly repeats: number | undefined;
  /** of a value from one trial to the next, standard deviation ÷ mean, as expected */
  readonly variation: number;
}

/** Of each side, where nobody says how many: two gated rows need five, and one more costs little. */
export const DEFAULT_REPEATS = 6;

/** Where there is no policy.yaml. */
export const DEFAULT_POLICY: Policy = {
  gates: [
    { metric: 'endToEnd.p99', tolerance: 0.1, phase: undefined, scenarios: undefined, targets: undefined },
  ],
  alpha: 0.05,
  power: 0.8,
  inconclusive: 'warn',
  separate: 2,
  allow: [],
  canary: { spin: 0.1, roundTrip: 1, fsync: 1 },
  repeats: undefined,
  variation: 0.05,
};
