import { paceOf } from './plan.ts';
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

/** The scenario with all its times shortened alike, so that its load takes no longer than that. */
export function shortened(scenario: Scenario, longestSeconds: number): Scenario {
  const { load, consumers, faults, deadLetters, schema } = scenario;
  const { seconds } = paceOf(scenario);
  if (seconds <= longestSeconds) return scenario;
  const factor = longestSeconds / seconds;
  const sooner = <T extends { readonly atSeconds: number }>(event: T): T => ({
    ...event,
    atSeconds: event.atSeconds * factor,
  });
  const redriveAtSeconds = deadLetters?.redriveAtSeconds;
  return {
    ...scenario,
    load: {
      ...load,
      phases: load.phases.map((phase) => ({ ...phase, seconds: phase.seconds * factor })),
      shortenedFromSeconds: load.shortenedFromSeconds ?? seconds,
    },
    consumers: { ...consumers, changes: consumers.changes.map(sooner) },
    faults: faults.map((fault) => ({ ...sooner(fault), forSeconds: fault.forSeconds * factor })),
    deadLetters: deadLetters && {
      ...deadLetters,
      redriveAtSeconds: redriveAtSeconds === undefined ? undefined : redriveAtSeconds * factor,
    },
    schema: schema && {
      ...schema,
      producers: schema.producers.map(sooner),
      consumers: schema.consumers.map(sooner),
    },
  };
}
