import { isScalar, visit } from 'yaml';
import type { Document, LineCounter, YAMLError } from 'yaml';
import { positionAt } from './document.ts';
import type { Problem } from './problem.ts';
import { quote } from './quote.ts';

/** What is not YAML; one problem a line, since what follows the first on a line is a consequence of it. */
export function syntaxProblems(
  parsed: Document.Parsed,
  text: string,
  lines: LineCounter,
  kind: string,
): readonly Problem[] {
  const byLine = new Map<number, Problem>();
  for (const fault of [...parsed.errors, ...parsed.warnings]) {
    const position = positionAt(lines, offsetOf(fault, parsed));
    if (byLine.has(position.line)) continue;
    const start = lines.lineStarts[position.line - 1] ?? 0;
    const line = text.slice(start, lines.lineStarts[position.line] ?? text.length);
    byLine.set(position.line, { ...position, ...describe(fault, line, kind) });
  }
  return Array.from(byLine.values());
}

/** In our words where the library's are of no help. */
function describe(fault: YAMLError, line: string, kind: string): Pick<Problem, 'code' | 'message'> {
  const ours = OURS.get(fault.code);
  if (ours !== undefined) return { code: `${kind}.${ours.code}`, message: ours.message };
  const what = isOpenQuote(fault) ? 'a quote is opened and never closed' : inPlainWords(fault.message);
  const excerpt = line.trim() === '' ? '' : `: ${quote(line.trim())}`;
  return { code: `${kind}.yaml`, message: `not YAML: ${what}${excerpt}${advice(line)}` };
}

const OURS: ReadonlyMap<YAMLError['code'], Pick<Problem, 'code' | 'message'>> = new Map([
  ['TAB_AS_INDENT', { code: 'tab', message: 'a tab cannot indent YAML; use spaces' }],
  [
    'MULTIPLE_DOCS',
    { code: 'multiple-documents', message: 'a second document begins here; a file may hold one' },
  ],
  ['RESOURCE_EXHAUSTION', { code: 'too-deep', message: 'nested too deeply' }],
  ['TAG_RESOLVE_FAILED', { code: 'tag', message: 'tags such as !name are not supported; leave it out' }],
]);

/** The library finds a missing closing quote at the end of the file; what helps is where it was opened. */
function offsetOf(fault: YAMLError, parsed: Document.Parsed): number {
  let offset = fault.pos[0];
  if (!isOpenQuote(fault)) return offset;
  visit(parsed, {
    Scalar(_, scalar) {
      if (isScalar(scalar) && scalar.type?.startsWith('QUOTE') === true) offset = scalar.range?.[0] ?? offset;
    },
  });
  return offset;
}

function isOpenQuote({ code, message }: YAMLError): boolean {
  return code === 'MISSING_CHAR' && message.includes('quote');
}

/** `{ password: ${SECRET} }` is the mistake that everybody makes once. */
function advice(line: string): string {
  return /[[{].*\$\{/.test(line) ? '; put the value with ${…} in quotes' : '';
}

function inPlainWords(message: string): string {
  // "Flow map in block collection must be sufficiently indented and end with a }"
  const closing = /must be sufficiently indented and end with a (\S)$/.exec(message)?.[1];
  if (closing !== undefined) return `a ${closing} is missing before this place`;
  return message.charAt(0).toLowerCase() + message.slice(1);
}
