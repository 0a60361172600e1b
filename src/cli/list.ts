import Table from 'cli-table3';
import { Command } from 'commander';
import { DECISION_METRICS } from '../result/index.ts';
import {
  FAILURE_LATENCIES,
  LATENCIES,
  listScenarios,
  METRICS,
  PROJECTION_LATENCIES,
  STATISTICS,
} from '../scenario/index.ts';
import {
  BUILT_IN_TARGETS,
  capabilityTable,
  contractTable,
  refusals,
  targetOverviews,
  type TextTable,
} from '../targets/index.ts';
import { oneOf } from './arguments.ts';
import { loadScenarios, loadWorkspace, scenarioPlaces } from './sources.ts';

type Row = Readonly<Record<string, unknown>>;

const LISTS: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  scenarios: async () => {
    const files = await listScenarios(scenarioPlaces());
    const families = await loadScenarios(files.map((file) => file.path));
    return families.map(({ title, scenarios, variants }, index) => ({
      scenario: files[index]?.name ?? '',
      title,
      workload: scenarios[0]?.workload ?? '',
      contract: [...new Set(scenarios.map(({ contract }) => contract))].join(', '),
      variants,
      origin: files[index]?.origin ?? '',
    }));
  },
  targets: async () => {
    const { targets } = await loadWorkspace();
    const own = targets.map(({ name, driver }) => ({
      target: name,
      driver,
      description: 'of mqbench.yaml',
    }));
    const names = new Set(own.map((row) => row.target));
    const builtIn = BUILT_IN_TARGETS.filter(({ name }) => !names.has(name));
    return [
      ...own,
      ...builtIn.map(({ name, driver, description }) => ({ target: name, driver, description })),
    ];
  },
  drivers: async () =>
    targetOverviews().map(({ target, driver, serverVersion, contracts, capabilities }) => {
      const { words, settlements, ...rest } = capabilities;
      return { target, driver, serverVersion, contracts, settlements, ...rest, ...words };
    }),
  metrics: async () => [
    ...METRICS.map((metric) => ({ ...metricRow(metric), of: 'checks and decisions' })),
    ...decisionRows(),
  ],
};

/** What a trial cannot be checked for, and a decision can be about. */
function decisionRows(): readonly Row[] {
  return DECISION_METRICS.map(({ name, unit, description }) => {
    return { metric: name, unit, perPhase: false, description, of: 'decisions' };
  });
}

function metricRow({ name, unit, perPhase, description }: (typeof METRICS)[number]): Row {
  return { metric: name, unit: UNITS[unit], perPhase, description };
}

const UNITS = { us: 'time', perSecond: 'rate', count: 'count' } as const;

/** Counts of one workload each; with --json they have a description of their own. */
const WORKLOAD_GROUPS = {
  saga: 'saga',
  schema: 'schema-evolution',
  deadLetters: 'dead-letter, and schema-evolution',
  replay: 'event-sourcing',
} as const;

/** For a person: a row a latency, as the same eight statistics of four latencies hide all else. */
function metricsTable(): string {
  const rows = (spans: Readonly<Record<string, string>>, perPhase: boolean): readonly Row[] =>
    Object.entries(spans).map(([name, span]) => {
      return { metric: `${name}.*`, unit: UNITS.us, perPhase, description: span };
    });
  const latencies = [
    ...rows(LATENCIES, true),
    ...rows(FAILURE_LATENCIES, false),
    ...rows(PROJECTION_LATENCIES, false),
  ];
  const workloads = Object.entries(WORKLOAD_GROUPS).map(([group, workload]) => {
    const names = METRICS.flatMap(({ name, unit }) =>
      name.startsWith(`${group}.`) && unit === 'count' ? name.slice(group.length + 1) : [],
    );
    const description = `of the workload ${workload}: ${names.join(', ')}`;
    return { metric: `${group}.*`, unit: UNITS.count, perPhase: false, description };
  });
  const told = new Set(
    [LATENCIES, FAILURE_LATENCIES, PROJECTION_LATENCIES, WORKLOAD_GROUPS].flatMap((each) =>
      Object.keys(each),
    ),
  );
  const others = METRICS.filter(({ name, unit }) => {
    const group = name.split('.')[0] ?? '';
    return !told.has(group) || (group in WORKLOAD_GROUPS && unit !== 'count');
  }).map(metricRow);
  return [
    table([...latencies, ...others, ...workloads]),
    `* is one of ${Object.keys(STATISTICS).join(', ')}; p999 is the 99.9th percentile`,
    `for decisions only: ${DECISION_METRICS.map(({ name, description }) => `${name} (${description})`).join(', ')}`,
    'as a check of a scenario: endToEnd.p99 <= 100ms in steady; delivered.rate >= 900/s; ledger.lost == 0',
  ].join('\n');
}

/** One of many columns would not fit: what is promised, and what else there is. */
function driversTables(): string {
  const overviews = targetOverviews();
  return [
    printed(contractTable(overviews)),
    '* embedded or emulated; "3 nodes": refused on one; "as": the broker only has a stronger promise',
    ...refusals(overviews).map((line) => `no: ${line}`),
    '',
    printed(capabilityTable(overviews)),
  ].join('\n');
}

const TEXTS: Readonly<Record<string, () => string>> = { metrics: metricsTable, drivers: driversTables };

export function listCommand(): Command {
  const names = Object.keys(LISTS);
  return new Command('list')
    .argument('<what>', names.join(', '), oneOf(names))
    .option('--json', 'print a JSON array')
    .action(async (what: string, flags: { readonly json?: true }) => {
      const rows = (await LISTS[what]?.()) ?? [];
      const text = TEXTS[what]?.() ?? table(rows);
      process.stdout.write(flags.json === true ? `${JSON.stringify(rows, null, 1)}\n` : `${text}\n`);
    });
}

function table(rows: readonly Row[]): string {
  const keys = Object.keys(rows[0] ?? {});
  const head = keys.map((key) => key.replace('perPhase', 'per phase'));
  return printed({ head, rows: rows.map((row) => keys.map((key) => cell(row[key]))) });
}

function printed({ head, rows }: TextTable): string {
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push([...row]);
  return table.toString();
}

function cell(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : JSON.stringify(value);
}
