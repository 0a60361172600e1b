import { compareOrders, projectionLag, reconcile, type ReplayAccount } from '../measure/index.ts';
import type { TrialResult } from '../result/index.ts';
import type { TrialRecord } from './trial.ts';

/** Examples of aggregates that differ which are kept. */
const MAX_EXAMPLES = 5;

type EventSourcing = NonNullable<TrialResult['eventSourcing']>;

/** What the read model came to, and the log; null for another workload. */
export function eventSourcingOf(record: TrialRecord): TrialResult['eventSourcing'] {
  const { reports, replay } = record;
  const projection = reports.flatMap((report) => report.projection ?? []).at(0);
  if (projection === undefined) return null;
  const acknowledgedAt = reports.flatMap((report) => report.acknowledgedAt ?? []);
  const { lag, ahead } = projectionLag(acknowledgedAt, projection.appliedAt);
  const { applied, dropped, skipped } = projection;
  return {
    projection: { applied, dropped, skipped, lag, ahead },
    replay: replay === undefined || typeof replay === 'string' ? null : replayOf(record, replay, projection),
    unreadable: typeof replay === 'string' ? replay : null,
  };
}

function replayOf(
  { reports }: TrialRecord,
  replay: ReplayAccount,
  projection: Pick<ReplayAccount, 'orders'>,
): EventSourcing['replay'] {
  const { aggregates, differing, examples } = compareOrders(projection.orders, replay.orders, MAX_EXAMPLES);
  // the log as one more subscription, of which nothing is to come any more
  const log = reconcile(
    reports.flatMap(({ sends }) => sends),
    [{ account: replay.delivery, brokerBacklog: undefined }],
    MAX_EXAMPLES,
  );
  const events = replay.applied + replay.dropped;
  return {
    aggregates,
    differing,
    examples: [...examples],
    events,
    skipped: replay.skipped,
    missing: log.lost,
    extra: log.phantom + log.resurrected + log.corrupt,
    recovered: log.recovered,
    repeated: log.duplicates,
    outOfOrder: log.outOfOrder,
    seconds: replay.seconds,
    eventsPerSecond: replay.seconds === 0 ? null : events / replay.seconds,
  };
}

/** What does not hold of the log and the read model; of a read model that is not at the end nothing can be said. */
export function brokenReplay(
  eventSourcing: TrialResult['eventSourcing'],
  { ordering, drained }: Pick<TrialRecord, 'ordering' | 'drained'>,
): readonly string[] {
  const replay = eventSourcing?.replay ?? null;
  if (replay === null) return [];
  const isOrdered = ordering === 'per key';
  const { missing, extra, outOfOrder, differing, aggregates, examples } = replay;
  const differ = `of ${aggregates} aggregates differ between the projection and the log (${examples[0] ?? ''})`;
  const found: readonly (readonly [number, string])[] = [
    [missing, 'acknowledged, and not in the log'],
    [extra, 'in the log that were not stored as they were sent, or that nobody sent'],
    [isOrdered ? outOfOrder : 0, 'in the log behind a later event of their key'],
    // where no order is promised the projection may come to another state
    [isOrdered && drained.complete ? differing : 0, differ],
  ];
  return found.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}
