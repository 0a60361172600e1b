import { formatCount } from '../report/index.ts';
import { lastKnownSecond, type TrialProgress } from '../run/index.ts';
import { phaseAt } from '../scenario/index.ts';

/** A backlog of so many seconds of the load is not worked off by a broker that lets it grow. */
const SECONDS_OF_LOAD = 2;
/** It must have grown in each of so many seconds. */
const GROWING_SECONDS = 3;

/**
 * Whether a trial that looks for a capacity shows already that its rate is too high: more waits than two seconds of
 * its load, and it has been growing for three seconds. What it says is written to the result.
 */
export function isHopeless({ plan, seconds, series, stage }: TrialProgress): string | undefined {
  const last = lastKnownSecond(seconds);
  if (stage !== 'load' || last < GROWING_SECONDS) return undefined;
  const phase = phaseAt(plan.scenario.load.phases, last);
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
