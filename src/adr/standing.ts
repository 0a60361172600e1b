import { UserError } from '../user-error.ts';
import { didYouMean, quote } from '../yaml/index.ts';
import type { AdrFile } from './folder.ts';
import { padded } from './heading.ts';

const STATUSES = ['proposed', 'accepted', 'rejected', 'deprecated', 'superseded'] as const;
type Status = (typeof STATUSES)[number];

/**
 * Where a decision stands; one that does not say so is proposed.
 * @throws UserError (exit code 2) for what is no status: an accepted ADR with a slip in it would be rewritten
 */
export function statusOf({ path, heading }: AdrFile): Status {
  const told = heading.frontMatter['status'];
  const status =
    told === undefined || typeof told === 'string' ? (heading.status ?? 'proposed') : JSON.stringify(told);
  const [word = ''] = status.split(' ');
  const found = STATUSES.find((each) => each === word);
  if (found !== undefined) return found;
  throw new UserError(`${path}: unknown status ${quote(status)}${didYouMean(word, STATUSES)}`, {
    code: 'adr.status',
    exitCode: 2,
    hint: `it is one of ${STATUSES.join(', ')}`,
  });
}

/**
 * Whether another decision has taken the place of one that says so.
 *
 * - `over`: another did, or it was rejected or deprecated: what it says is history
 * - `in force`: it was never replaced, or what is to replace it has not been accepted, which `note` tells
 * - `unbelievable`: what is to have replaced it cannot have, and `note` tells why
 */
export interface Standing {
  readonly is: 'over' | 'in force' | 'unbelievable';
  readonly note: string | undefined;
  /** the one that it says is to replace it, at the end of the chain */
  readonly by: AdrFile | undefined;
}

/**
 * Of an ADR among the others of its folder: that one is to be replaced does not free it from being checked before the
 * other one holds.
 * @throws UserError (exit code 2) for a status that is none
 */
export function standingOf(adr: AdrFile, folder: readonly AdrFile[]): Standing {
  let current = adr;
  const seen = new Set<string>();
  for (;;) {
    const status = statusOf(current);
    if (status !== 'superseded') return endOf(adr, current, status);
    if (seen.has(current.path)) return unbelievable(`${current.heading.title} superseded itself in the end`);
    seen.add(current.path);
    const successor = successorOf(current);
    if (successor === undefined)
      return unbelievable('it says that it was superseded, and not by which ADR: superseded by ADR-0002');
    const next = folder.find(({ heading, path }) =>
      typeof successor === 'number' ? heading.number === successor : path.endsWith(`${successor}.md`),
    );
    if (next === undefined)
      return unbelievable(`it was superseded by ${wordFor(successor)}, which is not in its folder`);
    current = next;
  }
}

function endOf(adr: AdrFile, last: AdrFile, status: ReturnType<typeof statusOf>): Standing {
  if (last === adr) {
    const isOver = status === 'rejected' || status === 'deprecated';
    return { is: isOver ? 'over' : 'in force', note: undefined, by: undefined };
  }
  if (status === 'accepted') return { is: 'over', note: undefined, by: last };
  return {
    is: 'in force',
    by: last,
    note: `it holds until another is accepted: ${wordFor(last.heading.number ?? last.heading.title)}, which is to supersede it, is ${status}`,
  };
}

function unbelievable(note: string): Standing {
  return { is: 'unbelievable', note, by: undefined };
}

/** `12` of `superseded by ADR-0012`, or `20200101-use-x` of log4brains' `superseded by [20200101-use-x](…)`. */
function successorOf({ heading: { status = '' } }: AdrFile): number | string | undefined {
  const [, slug] = /\[(\d+-[^\]]+)\]/.exec(status) ?? [];
  const [, digits] = /^superseded by \[?(?:adr[- ]?)?0*(\d{1,5})\b/i.exec(status) ?? [];
  if (slug !== undefined) return /^\d{1,5}-/.test(slug) ? Number.parseInt(slug, 10) : slug;
  return digits === undefined ? undefined : Number(digits);
}

function wordFor(successor: number | string): string {
  return typeof successor === 'number' ? `ADR-${padded(successor)}` : successor;
}
