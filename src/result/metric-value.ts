import type { Check } from '../scenario/index.ts';
import type { TrialResult } from './schema.ts';

/** A metric by its name in `mqbench list metrics`, of a phase or of all that is measured. */
type MetricOf = Pick<Check, 'metric' | 'phase' | 'subscription'>;

/** The value in the metric's own unit; null where there is none. */
export function metricValue(of: MetricOf, trial: Omit<TrialResult, 'checks'>): number | null {
  const [group = '', field = ''] = of.metric.split('.');
  const figures =
    of.phase === undefined ? trial.measured : trial.phases.find((each) => each.name === of.phase);
  // a phase that there is not has no figures, rather than those of another
  if (figures === undefined) return null;
  switch (group) {
    case 'ledger':
      return (trial.ledger as unknown as Record<string, number>)[field] ?? null;
    case 'backlog':
      return field === 'peak' ? figures.backlogPeak : figures.backlogSlope;
    case 'saga':
      return sagaValue(trial.saga, field);
    case 'schema':
      return schemaValue(trial.schemaEvolution, field);
    case 'deadLetters':
      return (trial.deadLetters as unknown as Record<string, number> | null)?.[field] ?? null;
    case 'timeToSuccess':
    case 'timeToDeadLetter':
      return statisticOf(trial.deadLetters?.[group] ?? {}, field);
    case 'replay':
      return (
        (trial.eventSourcing?.replay as unknown as Record<string, number | null> | undefined)?.[field] ?? null
      );
    case 'projectionLag':
      return statisticOf(trial.eventSourcing?.projection.lag ?? {}, field);
    case 'recovery':
      return longestRecovery(trial.recoveries, field);
  }
  if (field === 'rate') {
    const { attemptedRate, acknowledgedRate, deliveredRate } = figures;
    const rates: Record<string, number | null> = {
      attempted: attemptedRate,
      acknowledged: acknowledgedRate,
      delivered: deliveredRate,
    };
    return rates[group] ?? null;
  }
  if (of.subscription !== undefined) {
    const own = trial.measured.subscriptions.find((each) => each.subscription === of.subscription);
    // with a single subscription all is its own
    return own === undefined
      ? statisticOf(figures.latency.endToEnd, field)
      : statisticOf(own.endToEnd, field);
  }
  const latencies: Record<string, Record<string, unknown>> = figures.latency;
  return statisticOf(latencies[group] ?? {}, field);
}

function statisticOf(latency: Readonly<Record<string, unknown>>, statistic: string): number | null {
  const value = latency[`${statistic}Us`];
  return typeof value === 'number' ? value : null;
}

/** The longest of all, in µs; null where one has none, or the trial none at all. */
function longestRecovery(recoveries: TrialResult['recoveries'], field: string): number | null {
  const seconds = recoveries.map((recovery) => {
    if (field === 'time') return recovery.seconds;
    // nothing had piled up
    return recovery.drain === null ? 0 : recovery.drain.seconds;
  });
  const known = seconds.filter((each) => each !== null);
  return known.length === 0 || known.length < seconds.length ? null : Math.max(...known) * 1e6;
}

function sagaValue(saga: TrialResult['saga'], field: string): number | null {
  if (saga === null) return null;
  if (field === 'broken') return saga.invariants.reduce((sum, { violations }) => sum + violations, 0);
  return (saga as unknown as Record<string, number>)[field] ?? null;
}

/** Events of one outcome in all cells. */
function schemaValue(schema: TrialResult['schemaEvolution'], outcome: string): number | null {
  if (schema === null) return null;
  return schema.cells.reduce((sum, cell) => sum + Number((cell as Record<string, unknown>)[outcome]), 0);
}
