import type { TrialResult } from '../result/index.ts';
import { formatCount, formatRate } from './format.ts';
import { label, type Group } from './summary.ts';

/** What was done to each trial on purpose, and how long it really took. */
export function faultLines(group: Group): readonly string[] {
  return group.trials.flatMap((trial) =>
    trial.faults.map(({ kind, delay, fromSeconds, toSeconds }) => {
      const loadSeconds = trial.phases.reduce((sum, phase) => sum + phase.seconds, 0);
      const unwatched =
        toSeconds !== null && toSeconds > loadSeconds
          ? ', after the load, so that no recovery was watched'
          : '';
      const over =
        toSeconds === null ? 'not over by the end' : `over at ${toSeconds.toFixed(1)} s${unwatched}`;
      const what = delay === null ? kind : `${kind} by ${delayText(delay)} each way`;
      return `${label(trial, group)}: ${what} at ${fromSeconds.toFixed(1)} s, ${over}`;
    }),
  );
}

function delayText({ latencyMs, jitterMs }: Delay): string {
  return jitterMs === 0 ? `${latencyMs} ms` : `${latencyMs} ± ${jitterMs} ms`;
}

/** How each trial came back from the peak of its load, and from what was done to it on purpose. */
export function recoveryLines(group: Group): readonly string[] {
  return group.trials.flatMap((trial) =>
    trial.recoveries.map(({ after, before, seconds, watchedSeconds, drain }) => {
      const when =
        seconds === null
          ? `not as in ${before} within the ${watchedSeconds} s after the end of ${after}`
          : `as in ${before} again ${seconds === 0 ? 'within 1 s' : `${seconds} s`} after the end of ${after}`;
      return `${label(trial, group)}: ${when}${drain === null ? '' : `; ${drainText(drain)}`}`;
    }),
  );
}

type Delay = NonNullable<TrialResult['faults'][number]['delay']>;
type Drain = NonNullable<TrialResult['recoveries'][number]['drain']>;

function drainText({ backlog, seconds, deliveredPerSecond, predictedSeconds }: Drain): string {
  const at = `at ${formatRate(deliveredPerSecond)}/s`;
  const took = seconds === null ? `not worked off by the end, ${at}` : `worked off in ${seconds} s ${at}`;
  const predicted = predictedSeconds === null ? '' : ` (predicted: ${predictedSeconds.toFixed(1)} s)`;
  return `${formatCount(backlog)} messages had piled up, ${took}${predicted}`;
}
