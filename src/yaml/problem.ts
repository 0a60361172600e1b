import { UserError } from '../user-error.ts';

/** One thing that is wrong with a file. */
export interface Problem {
  /** from 1; undefined when it is about the file as a whole: missing, too large, a folder */
  readonly line: number | undefined;
  /** from 1, in UTF-16 units as editors count */
  readonly column: number | undefined;
  /** without the place */
  readonly message: string;
  /** `scenario.unknown-key` */
  readonly code: string;
}

const MOST_SHOWN = 10;

/** A file that cannot be used as it is; its message has one line a problem, each beginning with the place. */
export class InvalidDocument extends UserError {
  readonly file: string;
  /** all of them, in file order */
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[], cause?: unknown) {
    const ordered = inFileOrder(problems);
    super(summary(file, ordered), { code: ordered[0]?.code ?? 'document.invalid', exitCode: 2, cause });
    this.name = 'InvalidDocument';
    this.file = file;
    this.problems = ordered;
  }
}

function inFileOrder(problems: readonly Problem[]): Problem[] {
  return Array.from(problems).sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

function summary(file: string, problems: readonly Problem[]): string {
  const lines = problems.slice(0, MOST_SHOWN).map((problem) => `${place(file, problem)}: ${problem.message}`);
  const hidden = problems.length - lines.length;
  if (hidden > 0) lines.push(`${file}: and ${hidden} more problem${hidden === 1 ? '' : 's'}`);
  return lines.join('\n');
}

function place(file: string, { line, column }: Problem): string {
  return line === undefined ? file : `${file}:${line}:${column ?? 1}`;
}
