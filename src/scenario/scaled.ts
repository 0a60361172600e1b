import type { Scenario } from './scenario.ts';

/** The highest planned rate of the measured phases, messages a second. */
export function peakRate({ load }: Scenario): number {
  const measured = load.phases.filter(({ warmup }) => !warmup);
  return Math.max(...measured.flatMap(({ fromPerSecond, toPerSecond }) => [fromPerSecond, toPerSecond]));
}

/** The scenario at another rate: every phase so many times as fast, for as long. */
export function scaled(scenario: Scenario, factor: number): Scenario {
  const phases = scenario.load.phases.map((phase) => ({
    ...phase,
    fromPerSecond: phase.fromPerSecond * factor,
    toPerSecond: phase.toPerSecond * factor,
  }));
  return { ...scenario, load: { ...scenario.load, phases } };
}
