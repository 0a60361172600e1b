import type { z } from 'zod';
import { expectedType } from './expected.ts';
import { valueAt } from './section.ts';

type Issue = z.core.$ZodIssue;

/**
 * The issues of the alternative that was most likely meant, in place of zod's "invalid union", with paths
 * from the section's root: the one whose type fits the value, and of several the one with the fewest issues.
 */
export function flatten(issue: Issue, value: unknown): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  if (issue.inclusive !== false && issue.options !== undefined) {
    const { path, message, options } = issue;
    return [{ code: 'invalid_value', path, message, values: options }];
  }
  const alternatives = issue.errors.map((errors) => errors.map((each) => rooted(each, issue.path)));
  // Nothing fits a value that is missing.
  if (valueAt(value, issue.path) === undefined) return [wrongType(issue.path, alternatives.flat())];
  const fitting = alternatives.filter((issues) => !issues.some((each) => isWrongType(each, issue.path)));
  const [meant] = fitting.sort((a, b) => a.length - b.length);
  if (meant !== undefined) return meant.flatMap((each) => flatten(each, value));
  return [wrongType(issue.path, alternatives.flat())];
}

function rooted(issue: Issue, path: readonly PropertyKey[]): Issue {
  return { ...issue, path: [...path, ...issue.path] };
}

function isWrongType(issue: Issue, path: readonly PropertyKey[]): boolean {
  return issue.path.length === path.length && expectedType(issue) !== undefined;
}

/** No alternative fits: the value must be any of them. */
function wrongType(path: PropertyKey[], issues: readonly Issue[]): Issue {
  const expected = new Set(issues.flatMap((issue) => expectedType(issue) ?? []));
  return {
    code: 'custom',
    path,
    message: 'wrong type',
    params: { expected: Array.from(expected).join(' or ') },
  };
}
