import type { z } from 'zod';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['tuple', 'a list'],
  ['object', 'a mapping of keys'],
  ['record', 'a mapping of keys'],
  ['null', 'empty'],
]);

/** The type that an issue asks for, as a user would say it; undefined where the issue is not about the type. */
export function expectedType(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'invalid_type') return TYPES.get(issue.expected) ?? issue.expected;
  const expected: unknown = issue.code === 'custom' ? issue.params?.['expected'] : undefined;
  return typeof expected === 'string' ? expected : undefined;
}
