import { dirname } from 'node:path';
import { Command } from 'commander';
import Table from 'cli-table3';
import {
  appraiseAdr,
  draftAdr,
  findAdr,
  padded,
  readAdrs,
  renderAdr,
  writeAdr,
  type AdrFile,
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
        .option('--chosen <option>', 'which it is, where several are first')
        .option(
          '--supersedes <number>',
          'the ADR that it takes the place of, once it is accepted',
          wholeNumber(1, 99_999),
        )
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
  readonly chosen?: string;
  readonly supersedes?: number;
}

async function create(title: string, flags: NewFlags): Promise<void> {
  const { dir: directory, ...what } = flags;
  const none = { decision: undefined, chosen: undefined, supersedes: undefined };
  const path = await draftAdr({ ...none, ...what, title, directory, today: today() });
  process.stdout.write(`wrote ${path}\n`);
}

async function render(name: string, flags: InFolder & { readonly amend?: true }): Promise<void> {
  const adr = await findAdr(name, flags.dir);
  const { adrs } = await readAdrs(dirname(adr.path));
  const amend = flags.amend === true ? 'amend' : 'refuse';
  const { text, flip } = await renderAdr(adr, adrs, { amend, today: today() });
  if (flip !== undefined) process.stderr.write(`${adr.path}: flipped: ${flip}\n`);
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
  const findings: ({ readonly path: string } & AdrFinding)[] = [];
  let broken = 0;
  const tellBroken = (message: string): void => {
    process.stderr.write(`error: ${message}\n`);
    broken++;
  };
  for (const { adr, folder } of await meant(names, flags.dir, tellBroken)) {
    try {
      const finding = await appraiseAdr(adr, folder, today());
      if (finding !== undefined) findings.push({ path: adr.path, ...finding });
    } catch (error) {
      // the others are to be told all the same
      if (!(error instanceof UserError)) throw error;
      tellBroken(error.message.startsWith(adr.path) ? error.message : `${adr.path}: ${error.message}`);
    }
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify(findings, null, 1)}\n`);
  else for (const finding of findings) print(finding);
  if (findings.length + broken === 0) process.stderr.write('no ADR here rests on a decision file\n');
  const codes = findings.map(({ state }) => EXIT_CODES[state]);
  process.exitCode = broken > 0 ? 2 : codes.includes(1) ? 1 : Math.max(0, ...codes);
}

interface Meant {
  readonly adr: AdrFile;
  /** those beside it */
  readonly folder: readonly AdrFile[];
}

/** @param tell of those that cannot be checked */
async function meant(
  names: readonly string[],
  directory: string,
  tell: (message: string) => void,
): Promise<readonly Meant[]> {
  if (names.length > 0) {
    return Promise.all(
      [...new Set(names)].map(async (name) => {
        const adr = await findAdr(name, directory);
        return { adr, folder: (await readAdrs(dirname(adr.path))).adrs };
      }),
    );
  }
  const { adrs, unreadable, doubles } = await readAdrs(directory);
  for (const { error } of unreadable) tell(error.message);
  for (const double of doubles) tell(doubleText(double));
  return adrs.map((adr) => ({ adr, folder: adrs }));
}

function doubleText([number, paths]: readonly [number: number, paths: readonly string[]]): string {
  return `${padded(number)} is the number of ${paths.join(' and ')}; rename one of them`;
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
  const { adrs, unreadable, doubles } = await readAdrs(flags.dir);
  const rows = adrs.map(({ path, heading: { number, title, status, date } }) => {
    return { number: number ?? null, title, status: status ?? null, date: date ?? null, path };
  });
  if (flags.json === true) process.stdout.write(`${JSON.stringify(rows, null, 1)}\n`);
  else {
    const table = new Table({ head: ['number', 'title', 'status', 'date'], style: { head: [], border: [] } });
    for (const { number, title, status, date } of rows)
      table.push([number === null ? '-' : padded(number), title, status ?? '-', date ?? '-']);
    process.stdout.write(`${table.toString()}\n`);
  }
  for (const { error } of unreadable) process.stderr.write(`error: ${error.message}\n`);
  for (const double of doubles) process.stderr.write(`error: ${doubleText(double)}\n`);
  if (unreadable.length + doubles.length > 0) process.exitCode = 2;
}
