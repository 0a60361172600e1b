import type { z } from 'zod';
import type { Path, YamlDocument } from './document.ts';
import { InvalidDocument } from './problem.ts';
import type { Problem } from './problem.ts';
import { problemsOf } from './issue.ts';
import { pathText, Section, valueAt, wholeOf } from './section.ts';

export type Outcome<T> =
  /** `input`: what the schema was given in the end, for who has to parse it again */
  | { readonly ok: true; readonly value: T; readonly input: unknown }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * The section as its schema reads it.
 * @throws InvalidDocument with every problem, each at its line and column
 */
export function validateAgainst<T>(schema: z.ZodType<T>, section: Section): T {
  const outcome = checkAgainst(schema, section);
  if (outcome.ok) return outcome.value;
  throw new InvalidDocument(section.document.file, outcome.problems);
}

/** As validateAgainst, for who has more to check before giving up. */
export function checkAgainst<T>(schema: z.ZodType<T>, section: Section): Outcome<T> {
  const first = schema.safeParse(section.value);
  if (first.success) return { ok: true, value: first.data, input: section.value };
  const typed = withTypes(section.value, first.error.issues, section);
  const second = typed === undefined ? first : schema.safeParse(typed);
  if (second.success) return { ok: true, value: second.data, input: typed };
  return { ok: false, problems: problemsOf(second.error.issues, schema, section) };
}

/**
 * A document as its schema and its rules read it.
 * @param rules what a schema cannot say of a value that it has read
 * @throws InvalidDocument with every problem of its text, its schema and its rules, each at its line and column
 */
export function validateDocument<T>(
  document: YamlDocument,
  schema: z.ZodType<T>,
  rules: (section: Section, value: T) => readonly Problem[],
): { readonly section: Section; readonly value: T } {
  const section = wholeOf(document);
  const outcome = checkAgainst(schema, section);
  const found = outcome.ok ? rules(section, outcome.value) : outcome.problems;
  const problems = withoutEchoes(document.problems, found);
  if (!outcome.ok || problems.length > 0) throw new InvalidDocument(document.file, problems);
  return { section, value: outcome.value };
}

/**
 * A copy of the value in which the text of environment variables has become a number or a boolean wherever
 * the schema asked for one; undefined where there is no such place. The schema decides, not the looks of the
 * text, so that a password of digits stays a password.
 */
function withTypes(value: unknown, issues: readonly z.core.$ZodIssue[], section: Section): unknown {
  let typed: unknown;
  for (const issue of issues) {
    const text = valueAt(value, issue.path);
    const found =
      issue.code === 'invalid_type' && typeof text === 'string' ? convert(text, issue.expected) : undefined;
    if (found === undefined || !section.isExpanded(issue.path)) continue;
    typed ??= structuredClone(value);
    const parent = valueAt(typed, issue.path.slice(0, -1));
    const key = issue.path.at(-1);
    if (typeof parent === 'object' && parent !== null && key !== undefined) Reflect.set(parent, key, found);
  }
  return typed;
}

function convert(text: string, expected: string): number | boolean | undefined {
  if (expected === 'boolean') return text === 'true' || (text === 'false' ? false : undefined);
  const isNumber = (expected === 'number' || expected === 'int') && /^-?\d+(\.\d+)?$/.test(text);
  return isNumber ? Number(text) : undefined;
}

/**
 * A problem found by other means than a schema, at a value of the section.
 * @param offset where in a text the problem is
 */
export function problemAt(section: Section, path: Path, code: string, message: string, offset = 0): Problem {
  const subject = pathText(section.absolute(path));
  return {
    ...section.locate(path, offset),
    code: `${section.document.kind}.${code}`,
    message: subject === '' ? message : `${subject}: ${message}`,
  };
}

/** Leaves out what was found at a place where something else is already wrong. */
export function withoutEchoes(first: readonly Problem[], then: readonly Problem[]): Problem[] {
  const places = new Set(first.map(({ line, column }) => `${line}:${column}`));
  return [...first, ...then.filter(({ line, column }) => !places.has(`${line}:${column}`))];
}
