import { LATENCIES } from '../measure/index.ts';
import type { Result, ToldScenario, TrialResult } from '../result/index.ts';
import { CAPACITY_COLUMNS, capacityNotes, capacityRows, CURVE_COLUMNS, curveRows } from './capacity.ts';
import { deadLetterLines } from './dead-letters.ts';
import { eventSourcingLines } from './event-sourcing.ts';
import { contractPrices, PRICE_COLUMNS, PRICE_NOTE } from './contract-price.ts';
import { formatBytes, formatCount, formatMs, formatMetric } from './format.ts';
import { loadLines } from './load.ts';
import { table } from './markdown-table.ts';
import { notRun } from './not-run.ts';
import { PHASE_COLUMNS, phaseRows } from './phases.ts';
import { faultLines, recoveryLines } from './recoveries.ts';
import { SUBSCRIPTION_COLUMNS, subscriptionRows } from './subscriptions.ts';
import { sagaLines } from './sagas.ts';
import { schemaSection } from './schema-evolution.ts';
import {
  COLUMNS,
  evidence,
  groupTrials,
  legend,
  requestLines,
  row,
  settings,
  stateOf,
  warningLines,
  type Group,
} from './summary.ts';

/** report.md of a campaign. */
export function markdownReport(result: Result): string {
  const groups = groupTrials(result);
  const scenarios = [...new Set(groups.map((group) => group.scenario))];
  return [
    `# ${result.id}`,
    '',
    ...overview(result),
    ...scenarios.flatMap((scenario) =>
      section(
        result,
        scenario,
        groups.filter((group) => group.scenario === scenario),
      ),
    ),
    ...prices(result),
    ...capacities(result),
    ...notRun(result),
    '## How to read this',
    '',
    '- Latencies are end to end, from the moment a send was *planned* to its first delivery to the handler. A stall of the broker is therefore in every message that was due while it stood still.',
    '- A percentile is told only where at least ten samples lie beyond it; otherwise `-`.',
    '- With several trials a cell holds the median of the trials and, in brackets, their range; lost, dup and reordered are sums. Percentiles are never averaged.',
    '- The first table leaves out the latencies of trials that were not `sustained`: those of an overloaded trial only tell how long it ran.',
    '- Where mqbench started or embeds the broker, broker and client share the CPU of one host, and no network is in the latencies; elsewhere the network is in them.',
    '',
  ].join('\n');
}

function prices(result: Result): readonly string[] {
  const rows = contractPrices(result);
  if (rows.length === 0) return [];
  return ['## What the contracts cost', '', ...table(PRICE_COLUMNS, rows), '', `- ${PRICE_NOTE}`, ''];
}

function overview(result: Result): readonly string[] {
  const { host, tool, repeats } = result;
  return [
    `| | |`,
    `|---|---|`,
    `| started | ${result.startedAt} |`,
    `| trials | ${result.trials.length} (${stateOf(result)}); ${repeats} ${repeats === 1 ? 'repeat' : 'repeats'}, interleaved, seed ${result.seed} |`,
    `| host | ${host.cpu}, ${host.cpus} CPUs, ${formatBytes(host.memoryBytes)}, ${host.kernel} (fingerprint ${host.fingerprint}) |`,
    `| tool | mqbench ${tool.version}, Node ${tool.node} |`,
    '',
  ];
}

function section(result: Result, name: string, groups: readonly Group[]): readonly string[] {
  const told: ToldScenario = result.scenarios.find((each) => each.name === name) ?? {};
  const { question = '', lookAt = '' } = told;
  const notes = [...legend(groups), ...groups.flatMap(warningLines)];
  return [
    `## ${name}`,
    '',
    ...(question === '' ? [] : [`*${question}*`, '']),
    ...(lookAt === '' ? [] : [`What to look at: ${lookAt.trim()}`, '']),
    ...loadLines(result.scenarios.find((each) => each.name === name)),
    ...table(COLUMNS, groups.map(row)),
    '',
    // a mark of the legend is no bullet of a list within the list
    ...notes.map((note) => `- ${note.replace(/^\*/, '\\*')}`),
    ...(notes.length > 0 ? [''] : []),
    ...phases(groups),
    ...subscriptions(groups),
    ...schemaSection(groups),
    ...whatElse(groups),
    '### What was run',
    '',
    ...groups.flatMap((group) => [
      `- **${group.target}**: ${evidence(group)}`,
      `  - set by the client, not readable from the server: ${settings(group, 'requested') || 'nothing'}`,
    ]),
    '',
    '### Latencies of each trial',
    '',
    ...table(
      [
        'trial',
        'target',
        'latency',
        'samples',
        'p50 ms',
        'p90 ms',
        'p99 ms',
        'p99.9 ms',
        'p99.99 ms',
        'max ms',
      ],
      groups.flatMap((group) => group.trials.flatMap(latencyRows)),
    ),
    '',
    '### Every message accounted for',
    '',
    ...ledgerUnit(groups),
    ...table(
      [
        'trial',
        'target',
        'attempted',
        'acknowledged',
        'failed',
        'unknown',
        'delivered',
        'recovered',
        'lost',
        'backlog',
        'duplicates',
        'out of order',
        'phantom',
        'corrupt',
      ],
      groups.flatMap((group) => group.trials.map(ledgerRow)),
    ),
    '',
    '### The load generator, and the broker',
    '',
    ...table(
      [
        'trial',
        'target',
        'event loop busy (producers / consumers)',
        'schedule debt p99 ms',
        'of it the client p99 ms',
        'broker CPU s per million',
        'broker RSS',
        'disk per million',
        'fsync p50 ms',
      ],
      groups.flatMap((group) => group.trials.map(resourceRow)),
    ),
    '',
    ...costCaveat(groups),
    ...requests(groups),
    ...checks(groups),
  ];
}

function capacities(result: Result): readonly string[] {
  if (result.capacities.length === 0) return [];
  return [
    '## Capacity',
    '',
    ...table(CAPACITY_COLUMNS, capacityRows(result)),
    '',
    ...capacityNotes(result).map((note) => `- ${note}`),
    '',
    '### Latency against load',
    '',
    ...table(CURVE_COLUMNS, curveRows(result)),
    '',
  ];
}

function phases(groups: readonly Group[]): readonly string[] {
  const rows = groups.flatMap(phaseRows);
  return rows.length === 0 ? [] : ['### Phase by phase', '', ...table(PHASE_COLUMNS, rows), ''];
}

function whatElse(groups: readonly Group[]): readonly string[] {
  const lines = [sagaLines, deadLetterLines, eventSourcingLines, faultLines, recoveryLines].flatMap((of) =>
    groups.flatMap(of),
  );
  return lines.length === 0 ? [] : [...lines.map((line) => `- ${line}`), ''];
}

function subscriptions(groups: readonly Group[]): readonly string[] {
  const rows = groups.flatMap(subscriptionRows);
  return rows.length === 0 ? [] : ['### By subscription', '', ...table(SUBSCRIPTION_COLUMNS, rows), ''];
}

function latencyRows(trial: TrialResult): readonly (readonly string[])[] {
  return LATENCIES.map((name) => {
    const latency = trial.measured.latency[name];
    return [
      String(trial.position),
      trial.target,
      name,
      formatCount(latency.count),
      ...[latency.p50Us, latency.p90Us, latency.p99Us, latency.p999Us, latency.p9999Us, latency.maxUs].map(
        formatMs,
      ),
    ];
  });
}

function ledgerRow({ position, target, ledger }: TrialResult): readonly string[] {
  const counts = [
    ledger.attempted,
    ledger.acknowledged,
    ledger.failed,
    ledger.unknown,
    ledger.delivered,
    ledger.recovered,
    ledger.lost,
    ledger.backlog,
    ledger.duplicates,
    ledger.outOfOrder,
    ledger.phantom,
    ledger.corrupt,
  ];
  return [String(position), target, ...counts.map(formatCount)];
}

/** What the counts of deliveries are counts of, where a message has several. */
function ledgerUnit(groups: readonly Group[]): readonly string[] {
  const names = groups[0]?.trials[0]?.ledger.subscriptions.map(({ subscription }) => subscription) ?? [];
  if (names.length < 2) return [];
  const from = 'From *delivered* on, a message counts once for each subscription';
  return [`${from} (${names.join(', ')}); result.json has the ledger of each.`, ''];
}

/** Below this many messages, what a broker does anyway is a large part of what it used. */
const FEW_MESSAGES = 100_000;

function costCaveat(groups: readonly Group[]): readonly string[] {
  const trials = groups.flatMap((group) => group.trials);
  if (trials.every((trial) => trial.resources.broker === null)) return [];
  const fewest = Math.min(...trials.map((trial) => trial.ledger.acknowledged));
  if (fewest >= FEW_MESSAGES) return [];
  return [
    `*Per million* is scaled up from as few as ${formatCount(fewest)} messages: what a broker spends on itself meanwhile is in it. Ask it of a longer trial.`,
    '',
  ];
}

/** What a provider would bill, where there is one that bills by request. */
function requests(groups: readonly Group[]): readonly string[] {
  const lines = groups.flatMap(requestLines);
  return lines.length === 0 ? [] : [...lines.map((line) => `- ${line}`), ''];
}

function resourceRow({ position, target, resources, measured }: TrialResult): readonly string[] {
  const { broker, client, fsync } = resources;
  const busy = client
    .toSorted((a, b) => b.agent.localeCompare(a.agent))
    .map((agent) => `${Math.round(agent.eventLoopUtilization * 100)} %`);
  return [
    String(position),
    target,
    busy.join(' / '),
    formatMs(measured.latency.scheduleDebt.p99Us),
    formatMs(measured.clientDebtP99Us),
    broker?.cpuSecondsPerMillion?.toFixed(1) ?? '-',
    broker === null ? '-' : formatBytes(broker.rssBytes),
    typeof broker?.diskBytesPerMillion === 'number' ? formatBytes(broker.diskBytesPerMillion) : '-',
    formatMs(fsync?.p50Us ?? null),
  ];
}

function checks(groups: readonly Group[]): readonly string[] {
  const rows = groups.flatMap((group) =>
    group.trials.flatMap((trial) =>
      trial.checks.map((check) => [
        String(trial.position),
        trial.target,
        `\`${check.check}\``,
        formatMetric(check.value, check.unit),
        check.passed ? 'passed' : '**failed**',
      ]),
    ),
  );
  if (rows.length === 0) return [];
  return ['### Checks', '', ...table(['trial', 'target', 'check', 'value', 'outcome'], rows), ''];
}
