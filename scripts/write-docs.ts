/**
 * Writes docs/drivers.md, made from what the drivers say of themselves.
 * Run it after a change of a driver: `node scripts/write-docs.ts`.
 */
import { writeFile } from 'node:fs/promises';
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

if (import.meta.main) await writeFile(DRIVERS_PAGE, driversPage());
