import type { TrialResult } from '../result/index.ts';
import type { Check } from '../scenario/index.ts';

/** The value that a check speaks of, in its metric's own unit; null where there is none. */
export function valueOf(check: Check, trial: Omit<TrialResult, 'checks'>): number | null {
  const [group = '', field = ''] = check.metric.split('.');
  const phase = trial.phases.find((each) => each.name === check.phase);
  const figures = phase ?? trial.measured;
  switch (group) {
    case 'ledger':
      return (trial.ledger as unknown as Record<string, number>)[field] ?? null;
    case 'backlog':
      return field === 'peak' ? figures.backlogPeak : figures.backlogSlope;
    case 'recovery':
      return recoveryOf(trial.recovery, field);
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
  const latencies: Record<string, Record<string, unknown>> = figures.latency;
  const value = latencies[group]?.[`${field}Us`];
  return typeof value === 'number' ? value : null;
}

function recoveryOf(recovery: TrialResult['recovery'], field: string): number | null {
  if (recovery === null) return null;
  // nothing had piled up
  if (field === 'drain' && recovery.drain === null) return 0;
  const seconds = field === 'drain' ? recovery.drain?.seconds : recovery.seconds;
  return typeof seconds === 'number' ? seconds * 1e6 : null;
}
