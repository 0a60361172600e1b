import { formatCount, formatMs, formatRate } from './format.ts';
import { label, type Group } from './summary.ts';

/** How far the read model was behind, and what the log came to, a line a trial; none for another workload. */
export function eventSourcingLines(group: Group): readonly string[] {
  return group.trials.flatMap((trial) => {
    const { eventSourcing } = trial;
    if (eventSourcing === null) return [];
    const { projection, replay, unreadable } = eventSourcing;
    const { lag, ahead, dropped } = projection;
    const parts = [
      `projection lag p50/p99/max ${formatMs(lag.p50Us)}/${formatMs(lag.p99Us)}/${formatMs(lag.maxUs)} ms after the acknowledgement`,
      ...(ahead === 0
        ? []
        : [`${formatCount(ahead)} of ${formatCount(lag.count)} applied before it, counted as 0`]),
      ...(dropped === 0 ? [] : [`${formatCount(dropped)} came again and had no effect`]),
      ...(replay === null
        ? [`not replayed${unreadable === null ? '' : `: ${unreadable}`}`]
        : [
            `replay of ${formatCount(replay.events)} events in ${formatMs(replay.seconds * 1e6)} ms (${replay.eventsPerSecond === null ? '-' : formatRate(replay.eventsPerSecond)}/s)`,
            replay.differing === 0
              ? `all ${formatCount(replay.aggregates)} aggregates are the same`
              : `${formatCount(replay.differing)} of ${formatCount(replay.aggregates)} aggregates differ`,
            `${formatCount(replay.missing)} acknowledged events missing from the log`,
          ]),
    ];
    return [`${label(trial, group)}: ${parts.join('; ')}`];
  });
}
