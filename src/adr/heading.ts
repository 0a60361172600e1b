import { basename } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { UserError } from '../user-error.ts';

/** What the head of an ADR says, in whatever form it is written. */
export interface Heading {
  /** by its file's name: `0007-title.md`; undefined for one that is named otherwise, such as by a date */
  readonly number: number | undefined;
  readonly title: string;
  /** `proposed`, `accepted`, `superseded by ADR-0012`, its first word in lower case; undefined where it has none */
  readonly status: string | undefined;
  /** ISO date; undefined where it has none */
  readonly date: string | undefined;
  /** of MADR 4: all that stands above the text; empty for other forms */
  readonly frontMatter: Readonly<Record<string, unknown>>;
}

const FRONT_MATTER = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/;

/**
 * Reads MADR 4 (front matter), MADR 2 and log4brains (`- Status: accepted`) and Nygard's form (`## Status`).
 * @throws UserError (exit code 2) where its front matter is no YAML, with the line
 */
export function readHeading(text: string, path: string): Heading {
  const fileName = basename(path);
  const frontMatter = frontMatterOf(text, path);
  const body = text.replace(FRONT_MATTER, '');
  const [, title] = /^# +(?:\d+\. +)?(.+?) *$/m.exec(body) ?? [];
  const status = textOf(frontMatter['status']) ?? bullet(body, 'status') ?? section(body, 'status');
  const date = textOf(frontMatter['date']) ?? bullet(body, 'date') ?? line(body, 'date');
  return {
    number: numberOf(fileName),
    title: title ?? fileName.replace(/\.md$/, ''),
    status: status?.replace(/^\S+/, (word) => word.toLowerCase()),
    date: /^\d{4}-\d{2}-\d{2}/.exec(date ?? '')?.[0],
    frontMatter,
  };
}

/** `0007` */
export function padded(number: number): string {
  return String(number).padStart(4, '0');
}

/** `7` of `0007-title.md`; a date is no number. */
function numberOf(fileName: string): number | undefined {
  const [, digits] = /^(\d{1,5})-.+\.md$/.exec(fileName) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function frontMatterOf(text: string, path: string): Readonly<Record<string, unknown>> {
  const [, yaml] = FRONT_MATTER.exec(text) ?? [];
  if (yaml === undefined) return {};
  const lineCounter = new LineCounter();
  const document = parseDocument(yaml, { lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    // below the line that begins it
    const line = lineCounter.linePos(error.pos[0]).line + 1;
    throw new UserError(`${path}:${line}: its front matter is no YAML: ${error.message}`, {
      code: 'adr.front-matter',
      exitCode: 2,
      hint: 'between the two lines of --- there is a key and its value on each line',
      cause: error,
    });
  }
  const value: unknown = document.toJS();
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `- Status: accepted`, `* Date: 2026-11-26` */
function bullet(body: string, name: string): string | undefined {
  return new RegExp(`^[-*] +${name}: *(.+?) *$`, 'im').exec(body)?.[1];
}

/** `Date: 2026-11-26` */
function line(body: string, name: string): string | undefined {
  return new RegExp(`^${name}: *(.+?) *$`, 'im').exec(body)?.[1];
}

/** The first line of text below `## Status`. */
function section(body: string, name: string): string | undefined {
  return new RegExp(`^## +${name}\\s*\\n+(\\S.*?) *$`, 'im').exec(body)?.[1];
}

/**
 * The text with another status, where its form has it.
 * @returns undefined for one that has none to change
 */
export function withStatus(text: string, status: string): string | undefined {
  if (FRONT_MATTER.test(text)) return withFrontMatter(text, 'status', status);
  const capital = status.charAt(0).toUpperCase() + status.slice(1);
  for (const [form, value] of [
    [/^([-*] +status: *).+$/im, status],
    [/^(## +status\s*\n+)\S.*$/im, capital],
  ] as const) {
    if (form.test(text)) return text.replace(form, (_, before: string) => before + value);
  }
  return undefined;
}

/** The text with another value of a key of its front matter, which is otherwise as it was. */
export function withFrontMatter(text: string, key: string, value: string): string {
  return text.replace(FRONT_MATTER, (whole) =>
    new RegExp(`^${key}:.*$`, 'm').test(whole)
      ? whole.replace(new RegExp(`^${key}:.*$`, 'm'), `${key}: ${value}`)
      : whole.replace(/\r?\n---\r?\n$/, `\n${key}: ${value}\n---\n`),
  );
}
