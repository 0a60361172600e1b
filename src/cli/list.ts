import Table from 'cli-table3';
import { Argument, Command } from 'commander';
import { DRIVERS } from '../drivers/index.ts';
import { listScenarios, METRICS } from '../scenario/index.ts';
import { BUILT_IN_TARGETS } from '../targets/index.ts';
import { loadScenarios, loadWorkspace, scenarioPlaces } from './sources.ts';

type Row = Readonly<Record<string, string | number | boolean>>;

const LISTS: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  scenarios: async () => {
    const files = await listScenarios(scenarioPlaces());
    const scenarios = await loadScenarios(files.map((file) => file.path));
    return scenarios.map(({ title, workload, contract }, index) => ({
      scenario: files[index]?.name ?? '',
      title,
      workload,
      contract,
      origin: files[index]?.origin ?? '',
    }));
  },
  targets: async () => {
    const { configured } = await loadWorkspace();
    const own = configured.map(({ name, driver }) => ({
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
    DRIVERS.map((driver) => {
      const { ordering, settlements, emulated } = driver.capabilities({});
      const order = ordering === 'none' ? 'none' : `per ${ordering}`;
      return { driver: driver.name, order, settlements: settlements.join(' '), emulated };
    }),
  metrics: async () =>
    METRICS.map(({ name, unit, perPhase, description }) => ({
      metric: name,
      unit: unit === 'us' ? 'time' : unit === 'perSecond' ? 'rate' : unit,
      'per phase': perPhase,
      description,
    })),
};

export function listCommand(): Command {
  return new Command('list')
    .addArgument(new Argument('<what>', 'what to list').choices(Object.keys(LISTS)))
    .option('--json', 'print a JSON array')
    .action(async (what: string, flags: { readonly json?: true }) => {
      const rows = (await LISTS[what]?.()) ?? [];
      process.stdout.write(flags.json === true ? `${JSON.stringify(rows, null, 1)}\n` : `${table(rows)}\n`);
    });
}

function table(rows: readonly Row[]): string {
  const head = Object.keys(rows[0] ?? {});
  const printed = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const row of rows)
    printed.push(
      head.map((key) =>
        String(row[key] ?? '')
          .replace(/^true$/, 'yes')
          .replace(/^false$/, 'no'),
      ),
    );
  return printed.toString();
}
