/**
 * Writes docs/drivers.md, made from what the drivers say of themselves, and docs/scenarios.md, from the files.
 * Run it after a change of either: `node scripts/write-docs.ts`.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { listScenarios, loadScenarios, type ScenarioFamily } from '../src/scenario/index.ts';
import {
  capabilityTable,
  contractTable,
  refusals,
  targetOverviews,
  type TextTable,
} from '../src/targets/index.ts';

export const DRIVERS_PAGE = new URL('../docs/drivers.md', import.meta.url);

export function driversPage(): string {
  const overviews = targetOverviews();
  return [
    '# What each target promises',
    '',
    'Generated from the drivers by `npm run docs`; `mqbench list drivers` prints the same. A row is a built-in target. What a broker promises depends on its version; told here is the one that [docker/compose.yaml](../docker/compose.yaml) pins, and a run reads back what its own broker has.',
    '',
    '## Contracts',
    '',
    '`exact`: realised as asked. `as …`: the broker only has a stronger promise, which is reported and footnoted. `3 nodes`: refused on one node, realised on three. `no`: refused, for the reason below. A target with * is embedded or emulated, and left out of rankings on speed and durability.',
    '',
    ...markdown(contractTable(overviews)),
    '',
    ...refusals(overviews).map((line) => `- ${line}`),
    '',
    '## Everything else',
    '',
    ...markdown(capabilityTable(overviews)),
    '',
  ].join('\n');
}

function markdown({ head, rows }: TextTable): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/^\*| \*$/, (mark) => mark.replace('*', '\\*'))).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)];
}

export const SCENARIOS_PAGE = new URL('../docs/scenarios.md', import.meta.url);

export async function scenariosPage(): Promise<string> {
  const shippedDirectory = fileURLToPath(new URL('../scenarios', import.meta.url));
  // nobody's own scenarios
  const places = { cwd: '/', shippedDirectory };
  const files = await listScenarios(places);
  const families = await Promise.all(files.map(({ path }) => loadScenarios(path, places)));
  return [
    '# Scenarios',
    '',
    'Generated from the files in [scenarios/](../scenarios) by `npm run docs`. `mqbench run flash-sale` runs one, with all of its variants; `mqbench run fan-out-2-groups` one variant. `--scale 10` multiplies its rates, `--at-most 10s` shortens it for a first look, `--contract` names another promise than its own. A copy in `./scenarios` of your project hides the one that is shipped.',
    '',
    ...markdown({
      head: ['scenario', 'what it is', 'workload', 'takes'],
      rows: families.map((family) => [
        `[${family.name}](#${family.name})`,
        family.title,
        family.scenarios[0]?.workload ?? '',
        `${Math.round(secondsOf(family))} s a target`,
      ]),
    }),
    '',
    ...families.flatMap(scenarioSection),
  ].join('\n');
}

function scenarioSection(family: ScenarioFamily): readonly string[] {
  const { name, title, question, lookAt, variants, scenarios } = family;
  const checks = [...new Set(scenarios.flatMap((scenario) => scenario.checks.map(({ text }) => text)))];
  return [
    `## ${name}`,
    '',
    `**${title}.** ${question}`,
    '',
    ...(lookAt === '' ? [] : [`*What to look at:* ${lookAt.trim()}`, '']),
    ...(variants.length === 0
      ? []
      : [...scenarios.map((scenario) => `- \`${scenario.name}\`: ${scenario.title}`), '']),
    `Checks: ${checks.map((text) => `\`${text}\``).join(', ')}`,
    '',
  ];
}

function secondsOf({ scenarios }: ScenarioFamily): number {
  const phases = scenarios.flatMap(({ load }) => load.phases);
  return phases.reduce((sum, { seconds }) => sum + seconds, 0);
}

if (import.meta.main) {
  await writeFile(DRIVERS_PAGE, driversPage());
  await writeFile(SCENARIOS_PAGE, await scenariosPage());
}
