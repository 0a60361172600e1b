import { formatCount, formatMs } from './format.ts';
import { label, type Group } from './summary.ts';

/** What became of the orders, a line a trial; none for another workload. */
export function sagaLines(group: Group): readonly string[] {
  return group.trials.flatMap((trial) => {
    const { saga } = trial;
    if (saga === null) return [];
    const { style, started, completed, rejected, cancelled, unended, sold, messagesPerOrder, ignored } = saga;
    const broken = saga.invariants.filter(({ violations }) => violations > 0);
    const parts = [
      `${style}: ${formatCount(started)} orders, ${formatCount(completed)} completed, ${formatCount(rejected)} rejected, ${formatCount(cancelled)} cancelled${unended === 0 ? '' : `, ${formatCount(unended)} not over`}`,
      `p50/p99 of the completed ${formatMs(saga.latency.completed.p50Us)}/${formatMs(saga.latency.completed.p99Us)} ms`,
      `${formatCount(sold)} pieces sold`,
      `${messagesPerOrder?.toFixed(1) ?? '-'} messages an order, ${formatCount(ignored)} came again and had no effect`,
      broken.length === 0
        ? `all ${saga.invariants.length} invariants hold`
        : `broken: ${broken.map(({ name, violations }) => `${name} (${violations})`).join(', ')}`,
    ];
    return [`${label(trial, group)}: ${parts.join('; ')}`];
  });
}
