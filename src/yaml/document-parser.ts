import { LineCounter, parseDocument as parseYaml } from 'yaml';
import type { Document } from 'yaml';
import { YamlDocument } from './document.ts';
import type { DocumentKind } from './document.ts';
import { InvalidDocument } from './problem.ts';
import type { Problem } from './problem.ts';
import { quote } from './quote.ts';
import { syntaxProblems } from './syntax.ts';
import { treeOf } from './tree.ts';

/** Of a file that a person wrote; there is none so large. */
export const MOST_BYTES = 1_048_576;

/**
 * Reads YAML 1.2, one document, strictly: a duplicate key, an unknown tag or an alias bomb is an error.
 * @throws InvalidDocument
 */
export function parseDocument(text: string, file: string, kind: DocumentKind): YamlDocument {
  const refuse = (code: string, message: string, place: Place = { line: 1, column: 1 }): never => {
    throw new InvalidDocument(file, [{ ...place, code: `${kind}.${code}`, message }]);
  };
  if (text.length > MOST_BYTES) return refuse('too-large', 'larger than 1 MiB', NOWHERE);
  const binary = text.search(NOT_TEXT);
  if (binary !== -1) {
    const found = quote(text.charAt(binary));
    return refuse('binary', `not a text file: it holds ${found}`, endOf(text.slice(0, binary)));
  }
  const lines = new LineCounter();
  const parsed = parseText(text, lines);
  if (parsed === undefined) return refuse('too-deep', 'nested too deeply');
  const problems = syntaxProblems(parsed, text, lines, kind);
  if (problems.length > 0) throw new InvalidDocument(file, problems);
  if (parsed.contents === null) return refuse('empty', 'the file is empty');
  const tree = treeOf(parsed.contents);
  const document = new YamlDocument(file, kind, { text, root: parsed.contents, lines, tree });
  if (!tree.complete) throw new InvalidDocument(file, document.problems);
  return document;
}

// YAML 1.2 section 5.1: all of C0 but tab, line feed and carriage return is outside of a YAML stream.
// eslint-disable-next-line no-control-regex
const NOT_TEXT = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

type Place = Pick<Problem, 'line' | 'column'>;

const NOWHERE: Place = { line: undefined, column: undefined };

/** Where the text that follows begins. */
export function endOf(text: string): { readonly line: number; readonly column: number } {
  const lines = text.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/** Undefined where the text is nested so deeply that the library, which is recursive, runs out of stack. */
function parseText(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  try {
    return parseYaml(text, { ...STRICT, lineCounter });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const STRICT = {
  version: '1.2',
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  strict: true,
  stringKeys: true,
  // tree.ts does it, in linear time
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'error',
} as const;
