import { basename, join, relative } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { UserError } from '../user-error.ts';
import { withFrontMatter } from './heading.ts';
import { readAdr, readAdrs, renderBasis, writeAdr, type AdrFile, type Basis } from './record.ts';
import { fillRegions } from './regions.ts';

export interface DraftOptions {
  readonly title: string;
  /** folder of the ADRs */
  readonly directory: string;
  /** path of the decision file; undefined: an ADR without a matrix */
  readonly decision: string | undefined;
  /** paths of campaigns, or of folders of them */
  readonly results: readonly string[];
  /** number of the ADR that it takes the place of */
  readonly supersedes: number | undefined;
  /** ISO date */
  readonly today: string;
}

/**
 * Writes a new ADR, proposed, in the form of MADR 4 with the next number, and marks the one that it supersedes.
 * @returns its path
 * @throws UserError (exit code 2) where there is no such ADR, or the decision cannot be made
 */
export async function draftAdr(options: DraftOptions): Promise<string> {
  const { title, directory, supersedes, decision } = options;
  if (title.trim() === '') {
    throw new UserError('an ADR needs a title', {
      code: 'adr.no-title',
      exitCode: 2,
      hint: 'say what is decided',
    });
  }
  if (decision === undefined && options.results.length > 0) {
    throw new UserError('results are what a decision file is weighed by, and none is given', {
      code: 'adr.no-decision',
      exitCode: 2,
      hint: 'add --decision, or leave --results out',
    });
  }
  await makeFolder(directory).catch((cause: unknown) => {
    throw new UserError(`${directory}: ${(cause as Error).message}`, {
      code: 'adr.unwritable',
      exitCode: 3,
      hint: 'name another folder with --dir',
      cause,
    });
  });
  const records = await readAdrs(directory);
  const superseded = supersedes === undefined ? undefined : numbered(records, supersedes, directory);
  if (superseded?.heading.status?.startsWith('superseded') === true) {
    throw new UserError(`${superseded.path} is ${superseded.heading.status} already`, {
      code: 'adr.superseded',
      exitCode: 2,
      hint: 'supersede the one that took its place',
    });
  }
  const number = Math.max(0, ...records.map(({ heading }) => heading.number ?? 0)) + 1;
  const path = join(directory, `${padded(number)}-${slug(title)}.md`);
  const text =
    decision === undefined
      ? plainText(options, superseded)
      : await decidedText(options, decision, path, superseded);
  await writeAdr(path, text, 'new');
  if (superseded !== undefined) {
    const status = `superseded by ADR-${padded(number)}`;
    await writeAdr(superseded.path, withFrontMatter(superseded.text, 'status', status), 'replace');
  }
  return path;
}

function numbered(records: readonly AdrFile[], number: number, directory: string): AdrFile {
  const found = records.find(({ heading }) => heading.number === number);
  if (found !== undefined) return found;
  throw new UserError(`${directory} has no ADR ${padded(number)}`, {
    code: 'adr.unknown',
    exitCode: 2,
    hint: `mqbench adr list --dir ${directory}`,
  });
}

function padded(number: number): string {
  return String(number).padStart(4, '0');
}

/** `Message broker, again` as `message-broker-again` */
function slug(title: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
  return words === '' ? 'untitled' : words;
}

async function decidedText(
  { title, directory, results, today }: DraftOptions,
  decision: string,
  path: string,
  superseded: AdrFile | undefined,
): Promise<string> {
  const basis: Basis = {
    decision: relative(directory, decision),
    results: results.map((each) => relative(directory, each)),
    chosen: '',
  };
  const rendering = await renderBasis(basis, path);
  const { matrix, contents, inputs } = rendering;
  const [first] = matrix.ranking;
  const winner = matrix.options.find(({ id }) => id === first);
  if (first === undefined || winner === undefined) {
    throw new UserError(`${decision}: every option is out by a veto, so that there is nothing to choose`, {
      code: 'adr.no-option',
      exitCode: 2,
      hint: `mqbench decide ${decision} says which veto`,
    });
  }
  const text = [
    ...head(today, [
      'mqbench:',
      `  decision: ${basis.decision}`,
      `  results: [${basis.results.join(', ')}]`,
      `  chosen: ${first}`,
    ]),
    `# ${title}`,
    '',
    '## Context and Problem Statement',
    '',
    matrix.decision.question,
    '',
    '## Decision Drivers',
    '',
    ...matrix.criteria.map((criterion) => `* ${[...criterion.within, criterion.title].join(': ')}`),
    '',
    '## Considered Options',
    '',
    ...matrix.options.map((option) => `* ${option.title}`),
    '',
    '## Decision Outcome',
    '',
    `Chosen option: "${winner.title}", because of what follows.`,
    '',
    ...region('outcome'),
    ...region('matrix'),
    '### Consequences',
    '',
    '* Good, because …',
    '* Bad, because …',
    '',
    '### Confirmation',
    '',
    `\`mqbench adr check ${basename(path)}\` fails when the evidence puts another option first.`,
    '',
    '## Pros and Cons of the Options',
    '',
    ...region('scores'),
    '## More Information',
    '',
    ...(superseded === undefined
      ? []
      : [`Supersedes [${superseded.heading.title}](${basename(superseded.path)}).`, '']),
    '### How sure that is',
    '',
    ...region('sensitivity'),
    ...region('break-even'),
    ...(matrix.decision.costs === undefined ? [] : ['### What it costs', '', ...region('costs')]),
    '### What is missing',
    '',
    ...region('missing'),
    '### Evidence',
    '',
    ...region('evidence'),
  ].join('\n');
  return fillRegions(text, contents, inputs);
}

function region(name: string): readonly string[] {
  return [`<!-- mqbench:begin ${name} -->`, `<!-- mqbench:end ${name} -->`, ''];
}

function head(today: string, more: readonly string[]): readonly string[] {
  return ['---', 'status: proposed', `date: ${today}`, ...more, '---', ''];
}

function plainText({ title, today }: DraftOptions, superseded: AdrFile | undefined): string {
  return [
    ...head(today, []),
    `# ${title}`,
    '',
    '## Context and Problem Statement',
    '',
    '…',
    '',
    '## Considered Options',
    '',
    '* …',
    '',
    '## Decision Outcome',
    '',
    'Chosen option: "…", because …',
    ...(superseded === undefined
      ? []
      : [
          '',
          '## More Information',
          '',
          `Supersedes [${superseded.heading.title}](${basename(superseded.path)}).`,
        ]),
    '',
  ].join('\n');
}

/** By its number or its path. @throws UserError (exit code 2) */
export async function findAdr(numberOrPath: string, directory: string): Promise<AdrFile> {
  if (!/^\d{1,5}$/.test(numberOrPath)) return readAdr(numberOrPath);
  return numbered(await readAdrs(directory), Number(numberOrPath), directory);
}
