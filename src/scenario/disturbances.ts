import type { Scenario } from './scenario.ts';

/** A time in which a trial is disturbed by what its scenario asks for, and not by its broker. */
export interface Disturbance {
  /** `kill at 20 s`, `pause of consumers at 5 s` */
  readonly name: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/**
 * Faults, and times in which consumers rest, in the order of their ends.
 * @param ended when each fault was over in truth, in their order: what was killed takes its time to start again
 */
export function disturbancesOf(
  scenario: Scenario,
  ended: readonly { readonly toSeconds: number | null }[],
): readonly Disturbance[] {
  const faults = scenario.faults.map(({ kind, atSeconds, forSeconds }, index) => ({
    name: `${kind} at ${told(atSeconds)} s`,
    fromSeconds: atSeconds,
    toSeconds: ended[index]?.toSeconds ?? atSeconds + forSeconds,
  }));
  return [...faults, ...rests(scenario)].toSorted((a, b) => a.toSeconds - b.toSeconds);
}

function rests({ consumers, load, topology }: Scenario): readonly Disturbance[] {
  const end = load.phases.reduce((sum, phase) => sum + phase.seconds, 0);
  const restingSince = new Map<string, number>();
  const found = new Map<string, Disturbance>();
  const rest = (since: number, until: number): void => {
    const name = `pause of consumers at ${told(since)} s`;
    // of several subscriptions that rest alike, one
    found.set(`${since} ${until}`, { name, fromSeconds: since, toSeconds: until });
  };
  for (const { atSeconds, change, subscription } of consumers.changes) {
    for (const each of subscription === undefined ? topology.subscriptions : [subscription]) {
      const since = restingSince.get(each);
      if (change === 'pause') restingSince.set(each, since ?? atSeconds);
      if (change !== 'resume' || since === undefined) continue;
      restingSince.delete(each);
      rest(since, atSeconds);
    }
  }
  for (const since of restingSince.values()) rest(since, end);
  return [...found.values()];
}

/** Tenths of a second will do. */
function told(seconds: number): string {
  return String(Math.round(seconds * 10) / 10);
}
