import { createHash } from 'node:crypto';
import { UserError } from '../user-error.ts';

/** A part of a document that is written by mqbench, between two comments. */
export interface Region {
  readonly name: string;
  /** hash of what it was made from; undefined before the first time */
  readonly inputs: string | undefined;
  /** hash of what was written; undefined before the first time */
  readonly sum: string | undefined;
  /** between the comments, without the line breaks next to them */
  readonly content: string;
  /** from 1, of the comment that begins it */
  readonly line: number;
}

const MARKER = /^<!-- mqbench:(begin|end) ([a-z-]+)((?: [a-z]+=[0-9a-f]+)*) -->$/;
/** What looks like a marker must be one. */
const LOOKS_LIKE_ONE = /<!--\s*mqbench:/;

/**
 * The regions of a document, in the order in which they stand.
 * @param known names that there are
 * @throws UserError (exit code 2) for a marker that is unknown, nested, doubled or unclosed, with its line
 */
export function readRegions(text: string, file: string, known: readonly string[]): readonly Region[] {
  return new RegionReader(file, known).read(text.split(/\r?\n/));
}

/**
 * The text with other contents in its regions, each with its hashes, and nothing else changed.
 * @param contents lines by the names of regions
 * @param inputs hash of what they are made from
 */
export function fillRegions(
  text: string,
  contents: Readonly<Record<string, readonly string[]>>,
  inputs: string,
): string {
  let within: string | undefined;
  const lines = text.split('\n').flatMap((line) => {
    const [, edge, name] = MARKER.exec(line) ?? [];
    const own = name === undefined ? undefined : contents[name];
    if (own === undefined) return within === undefined ? [line] : [];
    if (edge === 'begin') {
      within = name;
      return [`<!-- mqbench:begin ${name} inputs=${inputs} -->`, '', ...own, ''];
    }
    within = undefined;
    return [`<!-- mqbench:end ${name} sum=${sumOf(own.join('\n'))} -->`];
  });
  return lines.join('\n');
}

/** Hash of a region's content, of which line breaks and empty lines around it are no part. */
export function sumOf(content: string): string {
  return shortHash(content.replaceAll('\r\n', '\n').trim());
}

/** 64 bits of SHA-256, which is enough to see a change by. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

class RegionReader {
  readonly #file: string;
  readonly #known: readonly string[];
  readonly #found: Region[] = [];
  #open: { readonly name: string; readonly line: number; readonly inputs: string | undefined } | undefined;
  #content: string[] = [];

  constructor(file: string, known: readonly string[]) {
    this.#file = file;
    this.#known = known;
  }

  read(lines: readonly string[]): readonly Region[] {
    for (const [index, text] of lines.entries()) this.#line(text, index + 1);
    if (this.#open !== undefined) throw this.#fault(this.#open.line, `${this.#open.name} is never ended`);
    return this.#found;
  }

  #line(text: string, line: number): void {
    const [, edge, name, attributes = ''] = MARKER.exec(text.trim()) ?? [];
    if (name === undefined) {
      if (LOOKS_LIKE_ONE.test(text)) throw this.#fault(line, `${text.trim()} is no marker`);
      this.#content.push(text);
      return;
    }
    if (!this.#known.includes(name))
      throw this.#fault(line, `there is no region ${name} (allowed: ${this.#known.join(', ')})`);
    const values = new Map(
      attributes
        .trim()
        .split(' ')
        .map((pair) => pair.split('=') as [string, string]),
    );
    if (edge === 'begin') this.#begin(name, line, values.get('inputs'));
    else this.#end(name, line, values.get('sum'));
  }

  #begin(name: string, line: number, inputs: string | undefined): void {
    if (this.#open !== undefined)
      throw this.#fault(
        line,
        `${name} begins within ${this.#open.name}, which began in line ${this.#open.line}`,
      );
    const twice = this.#found.find((region) => region.name === name);
    if (twice !== undefined) throw this.#fault(line, `${name} is there already, in line ${twice.line}`);
    this.#open = { name, line, inputs };
    this.#content = [];
  }

  #end(name: string, line: number, sum: string | undefined): void {
    if (this.#open?.name !== name) throw this.#fault(line, `${name} ends and has not begun`);
    const content = this.#content.join('\n').trim();
    this.#found.push({ ...this.#open, sum, content });
    this.#open = undefined;
  }

  #fault(line: number, message: string): UserError {
    return new UserError(`${this.#file}:${line}: ${message}`, {
      code: 'adr.markers',
      exitCode: 2,
      hint: 'a region stands between <!-- mqbench:begin NAME --> and <!-- mqbench:end NAME -->',
    });
  }
}
