export { parseDocument } from './document-parser.ts';
export type { DocumentKind, Position, YamlDocument } from './document.ts';
export { expandEnvironment, type Environment } from './environment.ts';
export { didYouMean, nearest } from './nearest.ts';
export { Overlay } from './overlay.ts';
export { InvalidDocument, type Problem } from './problem.ts';
export { name, NAME, parsed, quantity, wholeNumber } from './quantity.ts';
export { quote } from './quote.ts';
export { isMapping, Section, valueAt, wholeOf } from './section.ts';
export { isSystemError, readText } from './text-file.ts';
export {
  parseCount,
  parseDurationMs,
  parseDurationSeconds,
  parseDurationUs,
  parseRatePerSecond,
  parseShare,
  parseSizeBytes,
} from './units.ts';
export { checkAgainst, problemAt, validateAgainst, validateDocument, withoutEchoes } from './validation.ts';
export { ValueError, type ValueFault } from './value-error.ts';
