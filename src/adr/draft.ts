import { basename, join, relative } from 'node:path';
import { leadersOf, type WeighedOption } from '../decision/index.ts';
import { makeFolder } from '../make-folder.ts';
import { UserError } from '../user-error.ts';
import { didYouMean, quote } from '../yaml/index.ts';
import { renderBasis, type Basis, type Rendering } from './basis.ts';
import { numbered, readAdrs, writeAdr, type AdrFile } from './folder.ts';
import { padded, withStatus } from './heading.ts';
import { standingOf, statusOf } from './standing.ts';
import { fillRegions } from './regions.ts';

export interface DraftOptions {
  readonly title: string;
  /** folder of the ADRs */
  readonly directory: string;
  /** path of the decision file; undefined: an ADR without a matrix */
  readonly decision: string | undefined;
  /** paths of campaigns, or of folders of them */
  readonly results: readonly string[];
  /** id of the option that it chooses, of those that are first; undefined: the only one that is */
  readonly chosen: string | undefined;
  /** number of the ADR that it takes the place of, once it is accepted */
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
  const { directory, supersedes, decision, chosen } = options;
  const title = titleOf(options.title);
  if (decision === undefined && (options.results.length > 0 || chosen !== undefined)) {
    const what =
      chosen === undefined
        ? 'results are what a decision file is weighed by'
        : 'what is chosen is an option of a decision file';
    throw new UserError(`${what}, and none is given`, {
      code: 'adr.no-decision',
      exitCode: 2,
      hint: `add --decision, or leave --${chosen === undefined ? 'results' : 'chosen'} out`,
    });
  }
  await makeFolder(directory).catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    const isFile = code === 'EEXIST' || code === 'ENOTDIR';
    throw new UserError(`${directory}: ${isFile ? 'is a file, not a folder' : message}`, {
      code: 'adr.unwritable',
      exitCode: isFile ? 2 : 3,
      hint: 'name another folder with --dir',
      cause,
    });
  });
  const folder = await readAdrs(directory);
  const [unreadable] = folder.unreadable;
  // it has a number as well
  if (unreadable !== undefined) throw unreadable.error;
  const superseded = supersedes === undefined ? undefined : numbered(folder, supersedes, directory);
  if (superseded !== undefined) requireInForce(superseded, folder.adrs);
  const number = Math.max(0, ...folder.adrs.map(({ heading }) => heading.number ?? 0)) + 1;
  const path = join(directory, `${padded(number)}-${slug(title)}.md`);
  const marked =
    superseded === undefined ? undefined : withStatus(superseded.text, `superseded by ADR-${padded(number)}`);
  if (superseded !== undefined && marked === undefined) {
    throw new UserError(`${superseded.path} has no status that could be changed`, {
      code: 'adr.no-status',
      exitCode: 2,
      hint: 'give it front matter with "status: accepted"',
    });
  }
  const titled = { ...options, title };
  const text =
    decision === undefined
      ? plainText(titled, superseded)
      : await decidedText(titled, decision, path, superseded);
  await writeAdr(path, text, 'new');
  if (superseded !== undefined && marked !== undefined) await writeAdr(superseded.path, marked, 'replace');
  return path;
}

/** @throws UserError (exit code 2) for one that was replaced or given up, or is about to be replaced */
function requireInForce(adr: AdrFile, folder: readonly AdrFile[]): void {
  const { is, by } = standingOf(adr, folder);
  const isOpen = by !== undefined && statusOf(by) === 'proposed';
  if (is !== 'over' && !isOpen) return;
  throw new UserError(`${adr.path} is ${adr.heading.status ?? 'superseded'} already`, {
    code: 'adr.superseded',
    exitCode: 2,
    hint: isOpen ? `accept or reject ${by.path} first` : 'supersede the one that holds in its place',
  });
}

/** @throws UserError (exit code 2) for one that is no line of Markdown */
function titleOf(title: string): string {
  const fault =
    title.trim() === ''
      ? 'an ADR needs a title'
      : /[\r\n]/.test(title)
        ? 'the title of an ADR is one line'
        : title.includes('<!--')
          ? 'the title of an ADR holds no comment'
          : undefined;
  if (fault === undefined) return title.trim();
  throw new UserError(fault, { code: 'adr.title', exitCode: 2, hint: 'say what is decided' });
}

/** `Message broker, again` as `message-broker-again` */
function slug(title: string): string {
  const words = title
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    // é is e with an accent now
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
  return words === '' ? 'untitled' : words;
}

async function decidedText(
  { title, directory, results, chosen, today }: DraftOptions,
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
  const winner = winnerOf(rendering, decision, chosen);
  const text = [
    ...head(today, [
      'mqbench:',
      `  decision: ${basis.decision}`,
      `  results: [${basis.results.join(', ')}]`,
      `  chosen: ${winner.id}`,
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

/** @throws UserError (exit code 2) where nobody is first, or several are and none of them was chosen */
function winnerOf({ matrix }: Rendering, decision: string, chosen: string | undefined): WeighedOption {
  const leaders = leadersOf(matrix);
  const [first] = leaders;
  if (first === undefined) {
    throw new UserError(`${decision}: every option is out by a veto, so that there is nothing to choose`, {
      code: 'adr.no-option',
      exitCode: 2,
      hint: `mqbench decide ${decision} says which veto`,
    });
  }
  const ids = leaders.map(({ id }) => id);
  if (chosen === undefined) {
    if (leaders.length === 1) return first;
    throw new UserError(`${decision}: ${ids.join(' and ')} are equal, with ${first.total.toFixed(3)} of 1`, {
      code: 'adr.undecided',
      exitCode: 2,
      hint: `say which it is: --chosen ${first.id}`,
    });
  }
  const winner = leaders.find(({ id }) => id === chosen);
  if (winner !== undefined) return winner;
  const known = matrix.options.map(({ id }) => id);
  throw new UserError(
    known.includes(chosen)
      ? `${decision}: ${chosen} is not first, so that the evidence would contradict the ADR; ${ids.join(' and ')} ${ids.length === 1 ? 'is' : 'are'}`
      : `${decision} has no option ${quote(chosen)} (allowed: ${known.join(', ')})${didYouMean(chosen, known)}`,
    { code: 'adr.not-first', exitCode: 2, hint: `mqbench decide ${decision} says why` },
  );
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
