import type { TrialProgress } from '../run/index.ts';
import { formatCount } from '../report/index.ts';

/** A backlog of so many seconds of the load is not worked off by a broker that lets it grow. */
const SECONDS_OF_LOAD = 2;
/** It must have grown in each of so many seconds. */
const GROWING_SECONDS = 3;
/** An agent's second is known this long after its end. */
const KNOWN_AFTER_SECONDS = 0.5;

/**
 * Whether a trial that looks for a capacity shows already that its rate is too high: more waits than two seconds of
 * its load, and it has been growing for three seconds. What it says is written to the result.
 */
export function isHopeless({ plan, seconds, series, stage }: TrialProgress): string | undefined {
  const last = Math.floor(seconds - KNOWN_AFTER_SECONDS) - 1;
  if (stage !== 'load' || last < GROWING_SECONDS) return undefined;
  let end = 0;
  const phase = plan.scenario.load.phases.find((each) => last < (end += each.seconds));
  if (phase === undefined) return undefined;
  const backlogs = Array.from(
    { length: GROWING_SECONDS + 1 },
    (_, back) => series.at(last - GROWING_SECONDS + back).backlog,
  );
  const isGrowing = backlogs.every((each, index) => index === 0 || each > (backlogs[index - 1] ?? 0));
  const backlog = backlogs.at(-1) ?? 0;
  if (!isGrowing || backlog <= SECONDS_OF_LOAD * phase.toPerSecond) return undefined;
  return `${formatCount(backlog)} messages waited after ${last + 1} s, and more each second`;
}
