import type { z } from 'zod';
import type { Path } from './document.ts';
import { expectedType } from './expected.ts';
import { didYouMean, nearest } from './nearest.ts';
import type { Problem } from './problem.ts';
import { quote } from './quote.ts';
import { keysAt } from './schema-keys.ts';
import { pathText, valueAt } from './section.ts';
import type { Section } from './section.ts';
import type { ValueFault } from './value-error.ts';
import { flatten } from './union.ts';

type Issue = z.core.$ZodIssue;

/** What zod found wrong with a section, in words for the user and with places. */
export function problemsOf(issues: readonly Issue[], schema: z.core.$ZodType, section: Section): Problem[] {
  const leaves = issues.flatMap((issue) => flatten(issue, section.value));
  const reader = new IssueReader(schema, section);
  const unknown = leaves.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? reader.unknownKeys(issue) : [],
  );
  const others = leaves.flatMap((issue) => (issue.code === 'unrecognized_keys' ? [] : reader.read(issue)));
  return [...unknown, ...others];
}

/** Reads the unknown keys first: a key that is missing because it was misspelt is one mistake, not two. */
class IssueReader {
  readonly #schema: z.core.$ZodType;
  readonly #section: Section;
  readonly #misspelt = new Set<string>();

  constructor(schema: z.core.$ZodType, section: Section) {
    this.#schema = schema;
    this.#section = section;
  }

  unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys): Problem[] {
    const allowed = keysAt(this.#schema, issue.path);
    const free = allowed.filter((key) => valueAt(this.#section.value, [...issue.path, key]) === undefined);
    return issue.keys.map((key) => {
      const meant = nearest(key, free);
      if (meant !== undefined) this.#misspelt.add(pathText([...issue.path, meant]));
      return {
        ...this.#section.locateKey(issue.path, key),
        code: this.#code('unknown-key'),
        message: `unknown key ${quote(key)}${this.#within(issue.path)}${allowedList(allowed)}${didYouMean(key, free)}`,
      };
    });
  }

  read(issue: Issue): Problem[] {
    const { path } = issue;
    if (path.length > 0 && valueAt(this.#section.value, path) === undefined) return this.#missing(issue);
    const fault = faultOf(issue);
    if (fault !== undefined) return [this.#fault(path, fault)];
    const expected = expectedType(issue);
    if (expected !== undefined) return [this.#wrongType(path, expected)];
    if (issue.code === 'invalid_value') return [this.#unknownValue(path, issue.values.map(String))];
    if (issue.code === 'invalid_key') {
      return [this.#invalidKey(path, issue.issues[0]?.message ?? issue.message)];
    }
    if (issue.code === 'too_small' || issue.code === 'too_big') return [this.#outOfRange(issue)];
    return [this.#invalid(path, 'invalid', issue.message)];
  }

  #missing(issue: Issue): Problem[] {
    const { path } = issue;
    if (this.#misspelt.has(pathText(path))) return [];
    const key = path.at(-1);
    const parent = path.slice(0, -1);
    const what = typeof key === 'number' ? `entry ${key + 1}` : `key ${quote(String(key))}`;
    const allowed = issue.code === 'invalid_value' ? allowedList(issue.values.map(String)) : '';
    const expected = expectedType(issue);
    const advice = expected === undefined || expected === '' ? allowed : `; it must be ${expected}`;
    const message = `missing ${what}${this.#within(parent)}${advice}${this.#writtenAs(String(key), parent)}`;
    return [{ ...this.#section.locate(parent), code: this.#code('missing-key'), message }];
  }

  /** In a mapping that takes any key, a misspelt one is not unknown. */
  #writtenAs(key: string, parent: Path): string {
    const known = keysAt(this.#schema, parent);
    const mapping = valueAt(this.#section.value, parent);
    const others = typeof mapping === 'object' && mapping !== null ? Object.keys(mapping) : [];
    const written = nearest(
      key,
      others.filter((other) => !known.includes(other)),
    );
    return written === undefined ? '' : `; is it what ${quote(written)} should be?`;
  }

  #fault(path: Path, fault: ValueFault): Problem {
    const source = quote(this.#section.source(path) ?? fault.text);
    const isSecret = this.#section.isExpanded(path);
    let what = fault.offset === undefined ? `${source} ${fault.fault}` : fault.fault;
    if (isSecret) what = `${source} does not expand to a valid value`;
    return {
      ...this.#section.locate(path, isSecret ? 0 : fault.offset),
      code: this.#code(fault.code),
      message: `${this.#name(path)}: ${what}; ${fault.advice}`,
    };
  }

  #wrongType(path: Path, expected: string): Problem {
    const message = `${this.#name(path)} must be ${expected}, not ${this.#found(path)}`;
    return { ...this.#section.locate(path), code: this.#code('wrong-type'), message };
  }

  #unknownValue(path: Path, values: readonly string[]): Problem {
    const source = this.#section.source(path);
    if (source === undefined || valueAt(this.#section.value, path) === null) {
      return this.#wrongType(path, `one of ${values.join(', ')}`);
    }
    const message = `unknown ${this.#name(path)} ${quote(source)}${allowedList(values)}${didYouMean(source, values)}`;
    return { ...this.#section.locate(path), code: this.#code('unknown-value'), message };
  }

  #invalidKey(path: Path, message: string): Problem {
    const key = String(path.at(-1));
    const parent = path.slice(0, -1);
    return {
      ...this.#section.locateKey(parent, key),
      code: this.#code('key'),
      message: `key ${quote(key)}${this.#within(parent)} is not valid; ${lowerFirst(message)}`,
    };
  }

  #outOfRange(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): Problem {
    return this.#invalid(issue.path, 'out-of-range', rangeText(issue) ?? issue.message);
  }

  #invalid(path: Path, code: string, advice: string): Problem {
    const source = this.#section.source(path);
    const what = source === undefined ? '' : `${quote(source)} is not valid; `;
    const message = `${this.#name(path)}: ${what}${lowerFirst(advice)}`;
    return { ...this.#section.locate(path), code: this.#code(code), message };
  }

  #found(path: Path): string {
    const value = valueAt(this.#section.value, path);
    if (value === null || value === undefined) return 'empty';
    if (Array.isArray(value)) return 'a list';
    return typeof value === 'object' ? 'a mapping' : quote(this.#section.source(path) ?? typeof value);
  }

  #name(path: Path): string {
    return pathText(this.#section.absolute(path)) || 'the file';
  }

  #within(path: Path): string {
    const name = pathText(this.#section.absolute(path));
    return name === '' ? '' : ` in ${name}`;
  }

  #code(what: string): string {
    return `${this.#section.document.kind}.${what}`;
  }
}

function faultOf(issue: Issue): ValueFault | undefined {
  return issue.code === 'custom' ? (issue.params?.['fault'] as ValueFault | undefined) : undefined;
}

function rangeText(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string | undefined {
  const [side, bound] = issue.code === 'too_small' ? ['least', issue.minimum] : ['most', issue.maximum];
  const exclusive = issue.inclusive === false;
  if (issue.origin === 'array') return `needs at ${side} ${bound} ${bound === 1 ? 'entry' : 'entries'}`;
  if (issue.origin === 'string') return `needs at ${side} ${bound} character${bound === 1 ? '' : 's'}`;
  if (issue.origin !== 'number' && issue.origin !== 'int') return undefined;
  if (exclusive) return `must be ${side === 'least' ? 'more' : 'less'} than ${bound}`;
  return `must be at ${side} ${bound}`;
}

function allowedList(names: readonly string[]): string {
  return names.length === 0 ? '' : ` (allowed: ${names.join(', ')})`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
