import { reconcileDeadLetters, type DeadLetters } from '../measure/index.ts';
import type { TrialResult } from '../result/index.ts';
import type { TrialRecord } from './trial.ts';

/** The account of the messages that failed, over all agents; undefined for a workload in which none does. */
export function deadLettersOf({ plan, reports, deadLetterBacklogs }: TrialRecord): DeadLetters | undefined {
  if (plan.scenario.deadLetters === undefined) return undefined;
  const failures = reports.flatMap((report) => report.failures ?? []);
  return reconcileDeadLetters(
    reports.flatMap(({ sends }) => sends),
    failures.filter((each) => each.kind === 'given up'),
    failures.filter((each) => each.kind === 'dead letters'),
    deadLetterBacklogs,
  );
}

export function deadLetterResult(
  deadLetters: DeadLetters | undefined,
  { retryDelay, deadLetters: by }: TrialRecord['retriedBy'],
): TrialResult['deadLetters'] {
  if (deadLetters === undefined) return null;
  const { timeToSuccess, timeToDeadLetter, ...counts } = deadLetters;
  return {
    retryDelayBy: retryDelay,
    deadLettersBy: by,
    ...counts,
    timeToSuccess: timeToSuccess.summary(),
    timeToDeadLetter: timeToDeadLetter.summary(),
  };
}
