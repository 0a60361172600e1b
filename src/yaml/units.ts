import { quote } from './quote.ts';
import { ValueError } from './value-error.ts';

/** A unit as an exact fraction of the quantity's base unit, so that 1.1ms is 1100 µs and not 1100.0000000000002. */
interface Unit {
  readonly numerator: number;
  readonly denominator: number;
}

interface Quantity {
  readonly noun: string;
  readonly units: ReadonlyMap<string, Unit>;
  /** what people write instead, and what they may mean by it */
  readonly meant: ReadonlyMap<string, readonly string[]>;
  readonly advice: string;
  /** a regular expression for the whole text, for JSON Schema */
  readonly pattern: string;
}

const NUMBER = String.raw`\d+(_\d+)*(\.\d+(_\d+)*)?`;
const PARTS = /^(?<sign>[+-]?)(?<whole>\d+(?:_\d+)*)(?:\.(?<decimals>\d+(?:_\d+)*))?\s*(?<unit>.*)$/s;

const whole = (numerator: number): Unit => ({ numerator, denominator: 1 });
const part = (denominator: number): Unit => ({ numerator: 1, denominator });

const DURATION: Quantity = {
  noun: 'duration',
  units: new Map([
    ['us', whole(1)],
    ['ms', whole(1_000)],
    ['s', whole(1_000_000)],
    ['min', whole(60_000_000)],
    ['h', whole(3_600_000_000)],
  ]),
  meant: meanings({
    us: ['µs', 'μs', 'usec', 'micros', 'microseconds'],
    ms: ['msec', 'msecs', 'millis', 'millisecond', 'milliseconds'],
    s: ['sec', 'secs', 'second', 'seconds'],
    min: ['m', 'mins', 'minute', 'minutes'],
    h: ['hr', 'hrs', 'hour', 'hours'],
  }),
  advice: 'use us, ms, s, min or h, as in 5s',
  pattern: `^${NUMBER}\\s*(us|ms|s|min|h)$`,
};

const RATE: Quantity = {
  noun: 'rate',
  units: new Map([
    ['/s', whole(1)],
    ['/min', part(60)],
    ['/h', part(3_600)],
  ]),
  meant: meanings({
    '/s': ['/sec', '/second', 'msg/s', 'msgs/s', 'messages/s', 'hz', 'rps', 'qps', 's'],
    '/min': ['/m', '/minute', 'msg/min', 'rpm', 'min'],
    '/h': ['/hr', '/hour', 'msg/h', 'h'],
  }),
  advice: 'use /s, /min or /h, as in 1000/s',
  pattern: `^${NUMBER}\\s*/(s|min|h)$`,
};

const SIZE: Quantity = {
  noun: 'size',
  units: new Map([
    ['B', whole(1)],
    ['KB', whole(1_000)],
    ['MB', whole(1_000_000)],
    ['KiB', whole(1_024)],
    ['MiB', whole(1_048_576)],
  ]),
  meant: meanings({
    B: ['b', 'byte', 'bytes'],
    KB: ['k', 'kb'],
    KiB: ['k', 'kb', 'kib'],
    MB: ['m', 'mb'],
    MiB: ['m', 'mb', 'mib'],
  }),
  advice: 'use B, KB, MB (decimal), KiB or MiB (binary), as in 1KiB',
  pattern: `^${NUMBER}\\s*(B|KB|MB|KiB|MiB)$`,
};

const SHARE: Quantity = {
  noun: 'share',
  units: new Map([['%', part(100)]]),
  meant: meanings({ '%': ['percent', 'pct', 'p'] }),
  advice: 'use %, as in 30%',
  pattern: `^${NUMBER}\\s*%$`,
};

/** What JSON Schema is told about each quantity. */
export const PATTERNS = {
  duration: DURATION.pattern,
  rate: RATE.pattern,
  size: SIZE.pattern,
  share: SHARE.pattern,
} as const;

/** `5s`, `1.5ms`, `1_000 us` in microseconds. @throws ValueError */
export function parseDurationUs(text: string): number {
  return parse(text, DURATION, 1);
}

/** `5s`, `1.5ms`, `2min` in milliseconds. @throws ValueError */
export function parseDurationMs(text: string): number {
  return parse(text, DURATION, 1_000);
}

/** `5s`, `250ms`, `2h` in seconds. @throws ValueError */
export function parseDurationSeconds(text: string): number {
  return parse(text, DURATION, 1_000_000);
}

/** `1000/s`, `90/min`, `10_000/h` in messages per second. @throws ValueError */
export function parseRatePerSecond(text: string): number {
  return parse(text, RATE, 1);
}

/** `100B`, `1.5KiB`, `1MB` in whole bytes. @throws ValueError */
export function parseSizeBytes(text: string): number {
  const bytes = parse(text, SIZE, 1);
  if (Number.isInteger(bytes)) return bytes;
  throw new ValueError({
    code: 'not-whole',
    text,
    fault: 'is not a whole number of bytes',
    advice: SIZE.advice,
  });
}

/** `30%` as 0.3. @throws ValueError */
export function parseShare(text: string): number {
  return parse(text, SHARE, 1);
}

/** `4`, `10_000`: a number that is counted and has no unit. @throws ValueError */
export function parseCount(text: string): number {
  if (/^\d+(_\d+)*$/.test(text)) return Number(text.replaceAll('_', ''));
  const negative = /^-\d+(_\d+)*$/.test(text);
  throw new ValueError({
    code: negative ? 'negative' : 'not-a-number',
    text,
    fault: negative ? 'is negative' : 'is not a whole number',
    advice: 'use digits without a unit, as in 1000',
  });
}

/** The number times its unit, divided by `perUnit` (base units in the unit that is returned). */
function parse(text: string, quantity: Quantity, perUnit: number): number {
  const { noun, advice } = quantity;
  const { sign, whole, decimals = '', unit: written = '' } = PARTS.exec(text.trim())?.groups ?? {};
  if (whole === undefined || /^[\d._]/.test(written)) {
    throw new ValueError({ code: `not-a-${noun}`, text, fault: `is not a ${noun}`, advice });
  }
  if (sign === '-') throw new ValueError({ code: 'negative', text, fault: 'is negative', advice });
  if (written === '') throw new ValueError({ code: 'missing-unit', text, fault: 'has no unit', advice });
  const unit = quantity.units.get(written.replaceAll(/\s/g, ''));
  if (unit === undefined) throw unknownUnit(text, written, quantity);
  const digits = (whole + decimals).replaceAll('_', '');
  const scale = 10 ** decimals.replaceAll('_', '').length;
  const value = (Number(digits) * unit.numerator) / (unit.denominator * scale * perUnit);
  if (value <= Number.MAX_SAFE_INTEGER) return value;
  throw new ValueError({ code: 'out-of-range', text, fault: 'is too large to count', advice });
}

function unknownUnit(text: string, written: string, { units, meant, advice }: Quantity): ValueError {
  const found = meant.get(written.toLowerCase()) ?? inOtherCase(written, units);
  const suggestion = found.length === 0 ? '' : `; did you mean ${found.map(quote).join(' or ')}?`;
  return new ValueError({
    code: 'unknown-unit',
    text,
    fault: `has the unknown unit ${quote(written)}`,
    advice: `${advice}${suggestion}`,
  });
}

/** No other near name is suggested: "1k/s" for "/s" would be wrong by a factor, and all units are listed anyway. */
function inOtherCase(written: string, units: ReadonlyMap<string, Unit>): readonly string[] {
  return Array.from(units.keys()).filter((name) => name.toLowerCase() === written.toLowerCase());
}

/** Turns {unit: [what people write]} round; one writing may mean several units. */
function meanings(spellings: Readonly<Record<string, readonly string[]>>): Map<string, string[]> {
  const meant = new Map<string, string[]>();
  for (const [unit, written] of Object.entries(spellings)) {
    for (const spelling of written) meant.set(spelling, [...(meant.get(spelling) ?? []), unit]);
  }
  return meant;
}
