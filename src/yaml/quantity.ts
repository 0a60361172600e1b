import { z } from 'zod';
import { parseCount, PATTERNS } from './units.ts';
import { ValueError } from './value-error.ts';

interface QuantityOptions {
  readonly noun: keyof typeof PATTERNS;
  /** its result is what the schema yields */
  readonly parse: (text: string) => number;
  /** as a user writes it: `1ms` */
  readonly least: string;
  readonly most: string;
  /** why the bounds are where they are, where that is not plain */
  readonly because?: string;
  readonly description: string;
  readonly examples: readonly string[];
}

/** A number with a unit, as text: `5s`, `1000/s`, `1KiB`. */
export function quantity(options: QuantityOptions): z.ZodType<number> {
  const { noun, parse, least, most, because, description, examples } = options;
  const range = { least: parse(least), most: parse(most) };
  const advice = `use ${least} to ${most}${because === undefined ? '' : ` (${because})`}`;
  const expected = `a ${noun} such as ${examples[0] ?? least}`;
  const meta = {
    type: 'string',
    pattern: PATTERNS[noun],
    description: `${description}; ${least} to ${most}`,
    examples,
  };
  return parsed(expected, meta, (text) => within(text, parse, range, advice));
}

interface CountOptions {
  readonly least: number;
  readonly most: number;
  readonly description: string;
  readonly examples: readonly number[];
}

/** A whole number; `10_000` is one too, though YAML takes it for text. */
export function wholeNumber({ least, most, description, examples }: CountOptions): z.ZodType<number> {
  const advice = `use ${grouped(least)} to ${grouped(most)}`;
  const meta = {
    anyOf: [
      { type: 'integer', minimum: least, maximum: most },
      { type: 'string', pattern: String.raw`^\d+(_\d+)*$` },
    ],
    description,
    examples,
  };
  const range = { least, most };
  return parsed('a whole number', meta, (text) => within(text, parseCount, range, advice));
}

/**
 * A scalar that a parser reads. It is declared as unknown, with its JSON Schema said by hand, since YAML turns
 * what looks like a number into one, and the parser has better words for a number without a unit than zod.
 */
export function parsed<T>(
  expected: string,
  meta: Record<string, unknown>,
  parse: (text: string) => T,
): z.ZodType<T> {
  return z
    .unknown()
    .meta(meta)
    .transform((raw, context) => {
      if (typeof raw !== 'string' && typeof raw !== 'number') {
        context.addIssue({ code: 'custom', message: `must be ${expected}`, params: { expected } });
        return z.NEVER;
      }
      try {
        return parse(String(raw));
      } catch (error) {
        if (!(error instanceof ValueError)) throw error;
        context.addIssue({ code: 'custom', message: error.message, params: { fault: error.fault } });
        return z.NEVER;
      }
    });
}

interface Range {
  readonly least: number;
  readonly most: number;
}

function within(
  text: string,
  parse: (text: string) => number,
  { least, most }: Range,
  advice: string,
): number {
  // Of a negative number the range is the news, even where the unit is missing too.
  const isNegative = /^\s*-\s*\d/.test(text);
  const value = isNegative ? -1 : parse(text);
  if (value >= least && value <= most) return value;
  const tooFar = value < least ? 'is too small' : 'is too large';
  const fault = isNegative ? 'is negative' : tooFar;
  throw new ValueError({ code: 'out-of-range', text, fault, advice });
}

/** As it may be written in YAML: 10_000. */
function grouped(value: number): string {
  return value.toLocaleString('en-US').replaceAll(',', '_');
}

/** What phases, subscriptions, targets and scenarios may be called: it becomes a part of names on brokers. */
export function name(description: string, examples: readonly string[]): z.ZodType<string> {
  return z
    .string()
    .regex(NAME, { error: 'use a-z, 0-9 and dashes, at most 40 characters' })
    .meta({ description, examples });
}

export const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
