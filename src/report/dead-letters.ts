import { formatCount, formatMs } from './format.ts';
import { label, type Group } from './summary.ts';

/** What became of the messages that failed, a line a trial; none where none does on purpose. */
export function deadLetterLines(group: Group): readonly string[] {
  return group.trials.flatMap((trial) => {
    const { deadLetters, schemaEvolution } = trial;
    if (deadLetters === null) return [];
    const { retries, givenUp, found, redriven, redrivenMissing, timeToSuccess, timeToDeadLetter } =
      deadLetters;
    // every event could be read
    if (schemaEvolution !== null && givenUp === 0) return [];
    const parts = [
      // what cannot be read is not tried again
      ...(schemaEvolution === null
        ? [
            `${formatCount(retries)} retries (p50 of those that succeeded ${formatMs(timeToSuccess.p50Us)} ms after the planned send)`,
          ]
        : []),
      `${formatCount(found)} of ${formatCount(givenUp)} given up are dead letters`,
      // those that are to be redriven are not looked for before
      ...(redriven === 0
        ? [`found p50 ${formatMs(timeToDeadLetter.p50Us)} ms after the planned send`]
        : [`${formatCount(redriven)} sent again, ${formatCount(redriven - redrivenMissing)} arrived`]),
      `delay by ${deadLetters.retryDelayBy}, dead letters by ${deadLetters.deadLettersBy}`,
    ];
    return [`${label(trial, group)}: ${parts.join('; ')}`];
  });
}
