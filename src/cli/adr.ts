import { Command } from 'commander';
import Table from 'cli-table3';
import {
  appraiseAdr,
  draftAdr,
  findAdr,
  readAdrs,
  renderAdr,
  writeAdr,
  type AdrFinding,
  type AdrState,
} from '../adr/index.ts';
import { UserError } from '../user-error.ts';
import { list, wholeNumber } from './arguments.ts';
import { today } from './today.ts';

const DIRECTORY = 'docs/adr';

interface InFolder {
  readonly dir: string;
}

export function adrCommand(): Command {
  return new Command('adr')
    .description('write, renew, check and list decisions as Markdown (MADR 4)')
    .addCommand(
      inFolder(new Command('new'))
        .description('write a proposed ADR with the next number')
        .argument('<title>')
        .option('--decision <file>', 'a decision file, whose matrix it gets')
        .option('--results <paths>', 'campaigns, or folders of them, separated by commas', list, [])
        .option('--supersedes <number>', 'the ADR that it takes the place of', wholeNumber(1, 99_999))
        .action(create),
    )
    .addCommand(
      inFolder(new Command('render'))
        .description('renew what mqbench has written in an ADR, and nothing else')
        .argument('<adr>', 'its number or its path')
        .option('--amend', 'also of an accepted one whose choice stands; a dated line says so')
        .action(render),
    )
    .addCommand(
      inFolder(new Command('check'))
        .description('say which ADRs are current, stale, tampered with, expired, or flipped')
        .argument('[adrs...]', 'numbers or paths (default: all of the folder)')
        .option('--json', 'print a JSON array')
        .action(check),
    )
    .addCommand(
      inFolder(new Command('list'))
        .description('list the ADRs of a folder, of whatever tool they are')
        .option('--json', 'print a JSON array')
        .action(listAdrs),
    );
}

function inFolder(command: Command): Command {
  return command.option('--dir <folder>', 'where the ADRs are', DIRECTORY);
}

interface NewFlags extends InFolder {
  readonly decision?: string;
  readonly results: readonly string[];
  readonly supersedes?: number;
}

async function create(title: string, flags: NewFlags): Promise<void> {
  const { dir, decision, results, supersedes } = flags;
  const path = await draftAdr({ title, directory: dir, decision, results, supersedes, today: today() });
  process.stdout.write(`wrote ${path}\n`);
}

async function render(name: string, flags: InFolder & { readonly amend?: true }): Promise<void> {
  const adr = await findAdr(name, flags.dir);
  const text = await renderAdr(adr, { amend: flags.amend === true ? 'amend' : 'refuse', today: today() });
  if (text === adr.text) {
    process.stdout.write(`${adr.path} is as it should be\n`);
    return;
  }
  await writeAdr(adr.path, text, 'replace');
  process.stdout.write(`rendered ${adr.path}\n`);
}

/** What fails, and what leaves open whether it holds. */
const EXIT_CODES: Readonly<Record<AdrState, number>> = {
  current: 0,
  stale: 1,
  tampered: 1,
  flipped: 1,
  expired: 4,
};

async function check(names: readonly string[], flags: InFolder & { readonly json?: true }): Promise<void> {
  const records =
    names.length > 0
      ? await Promise.all(names.map((name) => findAdr(name, flags.dir)))
      : await readAdrs(flags.dir);
  const findings: ({ readonly path: string } & AdrFinding)[] = [];
  let broken = 0;
  for (const adr of records) {
    try {
      const finding = await appraiseAdr(adr, today());
      if (finding !== undefined) findings.push({ path: adr.path, ...finding });
    } catch (error) {
      // the others are to be told all the same
      if (!(error instanceof UserError)) throw error;
      process.stderr.write(`error: ${adr.path}: ${error.message}\n`);
      broken++;
    }
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify(findings, null, 1)}\n`);
  else for (const finding of findings) print(finding);
  if (findings.length + broken === 0) process.stderr.write('no ADR here rests on a decision file\n');
  const codes = findings.map(({ state }) => EXIT_CODES[state]);
  process.exitCode = broken > 0 ? 2 : codes.includes(1) ? 1 : Math.max(0, ...codes);
}

function print({ path, state, reasons, patch }: { readonly path: string } & AdrFinding): void {
  process.stdout.write(`${state}  ${path}\n${reasons.map((reason) => `  ${reason}\n`).join('')}`);
  if (patch !== undefined) process.stdout.write(patch);
  const remedy = REMEDIES[state];
  if (remedy !== undefined) process.stderr.write(`  ${remedy}\n`);
}

const REMEDIES: Readonly<Partial<Record<AdrState, string>>> = {
  stale: 'renew it with: mqbench adr render, and --amend for an accepted one',
  tampered: 'undo the edit, or move it out of the region',
  flipped: 'decide again: mqbench adr new "…" --supersedes N',
  expired: 'measure, read or judge again what is too old',
};

async function listAdrs(flags: InFolder & { readonly json?: true }): Promise<void> {
  const rows = (await readAdrs(flags.dir)).map(({ path, heading: { number, title, status, date } }) => {
    return { number: number ?? null, title, status: status ?? null, date: date ?? null, path };
  });
  if (flags.json === true) process.stdout.write(`${JSON.stringify(rows, null, 1)}\n`);
  else {
    const table = new Table({ head: ['number', 'title', 'status', 'date'], style: { head: [], border: [] } });
    for (const { number, title, status, date } of rows)
      table.push([
        number === null ? '-' : String(number).padStart(4, '0'),
        title,
        status ?? '-',
        date ?? '-',
      ]);
    process.stdout.write(`${table.toString()}\n`);
  }
}
