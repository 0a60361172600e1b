import type { Result, TrialResult } from '../result/index.ts';
import { median } from '../stats/index.ts';
import { formatCount, formatMetric, formatMs, formatRate } from './format.ts';

/** All trials of one target in one scenario. */
export interface Group {
  readonly scenario: string;
  readonly target: string;
  readonly trials: readonly TrialResult[];
}

/** By scenario, then by target, each in the order of its first trial. */
export function groupTrials(result: Result): readonly Group[] {
  const groups = new Map<string, { scenario: string; target: string; trials: TrialResult[] }>();
  for (const trial of result.trials) {
    const { scenario, target } = trial;
    const id = JSON.stringify([scenario, target]);
    const group = groups.get(id) ?? { scenario, target, trials: [] };
    groups.set(id, group);
    group.trials.push(trial);
  }
  return [...groups.values()];
}

/** How far the campaign came: `complete`, `interrupted after 1 of 4 trials, and in the next`, … */
export function stateOf({ trials, failures, plannedTrials, interrupted, endedAt }: Result): string {
  const whole = trials.filter((trial) => !trial.interrupted).length;
  const ran = `${whole} of ${plannedTrials} trials`;
  if (interrupted) return `interrupted after ${ran}${whole < trials.length ? ', and within the next' : ''}`;
  if (endedAt === null) return `cut off, or still running: ${ran} so far`;
  const failed = failures.length + trials.filter(({ verdict }) => verdict === 'failed').length;
  return failed > 0 ? `complete, but ${failed} of ${plannedTrials} failed` : 'complete';
}

export const COLUMNS = [
  'target',
  'verdict',
  'effective contract',
  'delivered/s',
  'p50 ms',
  'p99 ms',
  'p99.9 ms',
  'max ms',
  'ack p99 ms',
  'lost',
  'dup',
  'reordered',
] as const;

/** The cells of a group's row: medians over its trials, with the range behind them where there are several. */
export function row(group: Group): readonly string[] {
  const { trials } = group;
  const first = requireFirst(trials);
  // a latency of a trial that was not sustained measures something else, and is not shown beside others
  const sound = trials.filter((trial) => trial.verdict === 'sustained');
  const latency = (of: (trial: TrialResult) => number | null): string => spread(sound.map(of), formatMs);
  return [
    `${group.target}${marks(first)}`,
    verdicts(trials),
    first.contract.relation === 'exact' ? first.contract.effective : `${first.contract.effective} †`,
    spread(
      trials.map((trial) => trial.measured.deliveredRate),
      formatRate,
    ),
    latency((trial) => trial.measured.latency.endToEnd.p50Us),
    latency((trial) => trial.measured.latency.endToEnd.p99Us),
    latency((trial) => trial.measured.latency.endToEnd.p999Us),
    latency((trial) => trial.measured.latency.endToEnd.maxUs),
    latency((trial) => trial.measured.latency.acknowledge.p99Us),
    lost(trials),
    total(trials, (trial) => trial.ledger.duplicates),
    `${total(trials, (trial) => trial.ledger.outOfOrder)}${first.ordering === 'not at all' ? ' §' : ''}`,
  ];
}

/** See `legend`. */
export function marks({ server }: TrialResult): string {
  return `${server.emulated ? ' *' : ''}${server.oneHost ? ' ‡' : ''}`;
}

/** `sustained`, `3 × sustained`, `2 × sustained, overloaded` */
function verdicts(trials: readonly TrialResult[]): string {
  const counts = new Map<string, number>();
  for (const trial of trials) counts.set(trial.verdict, (counts.get(trial.verdict) ?? 0) + 1);
  return [...counts].map(([verdict, count]) => (count === 1 ? verdict : `${count} × ${verdict}`)).join(', ');
}

/** The median and, of several trials, the range: `1.24 (1.20-1.31)`; `-` where none can say. */
export function spread(values: readonly (number | null)[], format: (value: number) => string): string {
  const known = values.filter((value) => value !== null);
  const middle = median(known);
  if (middle === undefined) return '-';
  if (known.length === 1) return format(middle);
  return `${format(middle)} (${format(Math.min(...known))}-${format(Math.max(...known))})`;
}

/** `3`, or `0 + 3 ?` where there are some that nobody can tell about: see `legend`. */
function lost(trials: readonly TrialResult[]): string {
  const certain = total(trials, ({ ledger }) => ledger.lost);
  const unverified = total(trials, ({ ledger }) => ledger.unverified);
  return unverified === '0' ? certain : `${certain} + ${unverified} ?`;
}

function total(trials: readonly TrialResult[], of: (trial: TrialResult) => number): string {
  return formatCount(trials.reduce((sum, trial) => sum + of(trial), 0));
}

/** What stands behind a row: versions, the contract, and the settings that were read back from the server. */
export function evidence(group: Group): string {
  const { server, client, contract } = requireFirst(group.trials);
  const nodes = server.nodes === 1 ? '1 node' : `${server.nodes} nodes`;
  const asked = contract.relation === 'exact' ? '' : ` (asked: ${contract.asked})`;
  return [
    `${server.product} ${server.version}${server.address === undefined ? '' : ` at ${server.address}`}, ${nodes}${server.oneHost ? ' on one host' : ''}${server.emulated ? ', emulated' : ''}`,
    `${client.name} ${client.version} over ${client.transport}`,
    `${contract.effective}${asked}: ${settings(group, 'read back')}`,
  ].join('; ');
}

/** `47,112 requests, 2.36 a message: …`, one a trial; none for a broker whose requests cost nothing. */
export function requestLines(group: Group): readonly string[] {
  return group.trials.flatMap((trial) => {
    const { requests } = trial.resources;
    if (requests === null) return [];
    const each = requests.perMessage === null ? '' : `, ${requests.perMessage.toFixed(2)} a message`;
    const actions = Object.entries(requests.byAction)
      .toSorted(([, a], [, b]) => b - a)
      .map(([action, count]) => `${formatCount(count)} ${action}`);
    const note = trial.server.emulated ? '; the emulator bills none' : '';
    return `${label(trial, group)}: ${formatCount(requests.total)} requests${each} (${actions.join(', ')})${note}`;
  });
}

/** The settings that realise the contract: those the server confirmed, or those it cannot be asked about. */
export function settings(group: Group, which: 'read back' | 'requested'): string {
  const { contract } = requireFirst(group.trials);
  return Object.entries(contract.settings)
    .filter(([name]) => contract.notReadBack.includes(name) === (which === 'requested'))
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** The marks used in the rows of these groups, explained. */
export function legend(groups: readonly Group[]): readonly string[] {
  const firsts = groups.map((group) => requireFirst(group.trials));
  const subscriptions = Math.max(1, ...firsts.map((trial) => trial.ledger.subscriptions.length));
  return [
    ...(firsts.some((trial) => trial.server.emulated)
      ? ['* embedded or emulated: left out of rankings on speed and durability']
      : []),
    ...(firsts.some((trial) => trial.server.oneHost)
      ? ['‡ all nodes on one host: shows what is lost when one dies; left out of rankings on speed']
      : []),
    ...(firsts.some((trial) => trial.contract.relation === 'exceeds')
      ? ['† the broker gives more than the contract asks, so its latency pays for more']
      : []),
    ...(firsts.some((trial) => trial.ordering === 'not at all')
      ? ['§ no order is promised under these settings, so that 0 is no more than what happened']
      : []),
    ...(groups.some(({ trials }) => trials.some(({ ledger }) => ledger.unverified > 0))
      ? ['? acknowledged and not delivered; the broker was gone before it could be asked whether it has them']
      : []),
    ...(subscriptions > 1
      ? [
          `lost, dup and reordered are summed over ${subscriptions} subscriptions, each of which gets every message`,
        ]
      : []),
  ];
}

/** `kafka #2: incorrect: 3 lost`, one a warning; of a trial that was sustained without that word, which they are no reason of. */
export function warningLines(group: Group): readonly string[] {
  return group.trials.flatMap((trial) =>
    trial.warnings.map((warning) =>
      [label(trial, group), ...(trial.verdict === 'sustained' ? [] : [trial.verdict]), warning].join(': '),
    ),
  );
}

/**
 * One line a failed check, with by how much.
 * @param isShortened whether the load was, which has fewer samples for it, and fewer orders; nothing is lost by that
 */
export function failedChecks(group: Group, isShortened: boolean): readonly string[] {
  const ofShortening = (check: string): string =>
    isShortened && !check.startsWith('ledger.') ? ' (the load was shortened)' : '';
  return group.trials.flatMap((trial) =>
    trial.checks
      .filter((check) => !check.passed)
      .map((check) => {
        const found =
          check.value === null
            ? `${absence(check.check)}${ofShortening(check.check)}`
            : `is ${formatMetric(check.value, check.unit)}, off by ${formatMetric(Math.abs(check.value - check.bound), check.unit)}${ofShortening(check.check)}`;
        return `${label(trial, group)}: ${check.check}: ${found}`;
      }),
  );
}

/** Why there is no value. */
function absence(check: string): string {
  if (check.startsWith('recovery.'))
    return 'it was not as before within the time watched, or the load has no peak between quieter phases';
  if (check.startsWith('saga.')) return 'the services gave no account of their orders: the trial was cut off';
  if (check.startsWith('replay.')) return 'the log was not read from its start';
  if (check.startsWith('backlog.')) return 'too few seconds to tell; make the phase longer';
  return 'too few samples to tell; send more messages, or check a lower percentile';
}

/** `kafka`, or `kafka #2` where there are several trials */
export function label(trial: TrialResult, group: Group): string {
  return group.trials.length === 1 ? trial.target : `${trial.target} #${trial.repeat}`;
}

function requireFirst(trials: readonly TrialResult[]): TrialResult {
  const [first] = trials;
  if (first === undefined) throw new Error('a group without trials');
  return first;
}
