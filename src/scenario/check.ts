import {
  didYouMean,
  parseCount,
  parseDurationUs,
  parseRatePerSecond,
  quote,
  ValueError,
  type ValueFault,
} from '../yaml/index.ts';
import { METRIC_NAMES, metricNamed } from './metrics.ts';
import type { Metric } from './metrics.ts';
import type { Check } from './scenario.ts';

const OPERATORS: readonly string[] = ['<', '<=', '>', '>=', '==', '!='] satisfies Check['operator'][];

/** What people write for them in other languages. */
const MEANT: ReadonlyMap<string, Check['operator']> = new Map([
  ['=', '=='],
  ['===', '=='],
  ['=<', '<='],
  ['=>', '>='],
  ['<>', '!='],
  ['!==', '!='],
  ['≤', '<='],
  ['≥', '>='],
]);

const PARTS =
  /^(?<metric>[^\s<>=!≤≥]+)\s*(?<operator>[<>=!≤≥]+)\s*(?<bound>\S.*?)(?:\s+in\s+(?<phase>\S.*?))?(?:\s+of\s+(?<subscription>\S.*))?$/d;

/** Much longer than any check; the expression above is quadratic in runs of spaces. */
const LONGEST = 200;

/** For JSON Schema; the names of metrics and phases are checked when the scenario is read. */
export const CHECK_PATTERN = String.raw`^\s*[A-Za-z0-9.]+\s*(<|<=|>|>=|==|!=)\s*\d[^\s]*(\s*[^\s]+)?(\s+in\s+[a-z0-9-]+)?(\s+of\s+[a-z0-9-]+)?\s*$`;

/** The names that a check may give. */
export interface CheckNames {
  readonly phases: readonly string[];
  readonly subscriptions: readonly string[];
}

/**
 * `<metric> <operator> <value>[unit] [in <phase>] [of <subscription>]`, such as `endToEnd.p99 <= 100ms in steady`.
 * @param names undefined: any
 * @throws ValueError with the offset of the part that is wrong
 */
export function parseCheck(text: string, names?: CheckNames): Check {
  const parts = partsOf(text);
  const metric = metricOf(text, parts.metric);
  const operator = operatorOf(text, parts.operator);
  const bound = boundOf(text, parts.bound, metric);
  const phase = parts.phase === undefined ? undefined : phaseOf(text, parts.phase, metric, names?.phases);
  const subscription =
    parts.subscription === undefined
      ? undefined
      : subscriptionOf(text, parts.subscription, metric, phase, names?.subscriptions);
  return { text: text.trim(), metric: metric.name, operator, bound, phase, subscription };
}

interface Part {
  readonly text: string;
  readonly offset: number;
}

interface Parts {
  readonly metric: Part;
  readonly operator: Part;
  readonly bound: Part;
  readonly phase: Part | undefined;
  readonly subscription: Part | undefined;
}

function partsOf(text: string): Parts {
  const isWhole = text.length <= LONGEST && !/\s(in|of)$/.test(text.trim());
  const match = isWhole ? PARTS.exec(text.trim()) : null;
  const indent = text.length - text.trimStart().length;
  const part = (name: string): Part | undefined => {
    const [start, end] = match?.indices?.groups?.[name] ?? [];
    return start === undefined ? undefined : { text: text.trim().slice(start, end), offset: indent + start };
  };
  const [metric, operator, bound] = [part('metric'), part('operator'), part('bound')];
  if (metric === undefined || operator === undefined || bound === undefined) {
    throw new ValueError({
      code: 'not-a-check',
      text,
      fault: 'is not a check',
      advice: 'use <metric> <operator> <value> [in <phase>], as in endToEnd.p99 <= 100ms in steady',
    });
  }
  return { metric, operator, bound, phase: part('phase'), subscription: part('subscription') };
}

function metricOf(text: string, { text: name, offset }: Part): Metric {
  const metric = metricNamed(name);
  if (metric !== undefined) return metric;
  const advice = `see mqbench list metrics${didYouMean(name, METRIC_NAMES)}`;
  throw new ValueError({
    code: 'unknown-metric',
    text,
    offset,
    fault: `unknown metric ${quote(name)}`,
    advice,
  });
}

function operatorOf(text: string, { text: name, offset }: Part): Check['operator'] {
  if (isOperator(name)) return name;
  const meant = MEANT.get(name);
  throw new ValueError({
    code: 'unknown-operator',
    text,
    offset,
    fault: `unknown operator ${quote(name)}`,
    advice: `use <, <=, >, >=, == or !=${meant === undefined ? '' : `; did you mean ${quote(meant)}?`}`,
  });
}

function isOperator(name: string): name is Check['operator'] {
  return OPERATORS.includes(name);
}

function boundOf(text: string, { text: bound, offset }: Part, metric: Metric): number {
  try {
    return parseBound(bound, metric);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const { code, fault, advice } = error.fault;
    throw new ValueError({ code, text, offset, fault: `${quote(bound)} ${fault} (${metric.name})`, advice });
  }
}

function parseBound(text: string, { unit }: Metric): number {
  switch (unit) {
    case 'us':
      return parseDurationUs(text);
    case 'perSecond':
      return parseRatePerSecond(text);
    case 'count':
      return parseCount(text);
  }
}

function phaseOf(
  text: string,
  { text: name, offset }: Part,
  metric: Metric,
  phases?: readonly string[],
): string {
  const refuse = (fault: Pick<ValueFault, 'code' | 'fault' | 'advice'>): never => {
    throw new ValueError({ ...fault, text, offset });
  };
  if (!metric.perPhase) {
    const fault = `${metric.name} is counted over the whole trial, not in a phase`;
    return refuse({ code: 'not-per-phase', fault, advice: `leave out ${quote(`in ${name}`)}` });
  }
  if (phases === undefined || phases.includes(name)) return name;
  const advice = `the phases are ${phases.join(', ')}${didYouMean(name, phases)}`;
  return refuse({ code: 'unknown-phase', fault: `unknown phase ${quote(name)}`, advice });
}

function subscriptionOf(
  text: string,
  { text: name, offset }: Part,
  metric: Metric,
  phase: string | undefined,
  subscriptions?: readonly string[],
): string {
  const refuse = (fault: Pick<ValueFault, 'code' | 'fault' | 'advice'>): never => {
    throw new ValueError({ ...fault, text, offset });
  };
  if (!metric.name.startsWith('endToEnd.')) {
    const fault = `${metric.name} is not told by subscription; endToEnd is`;
    return refuse({ code: 'not-per-subscription', fault, advice: `leave out ${quote(`of ${name}`)}` });
  }
  if (phase !== undefined) {
    const fault = 'a check is of a phase or of a subscription, not of both';
    return refuse({ code: 'not-per-subscription', fault, advice: `leave out ${quote(`in ${phase}`)}` });
  }
  if (subscriptions === undefined || subscriptions.includes(name)) return name;
  const advice = `the subscriptions are ${subscriptions.join(', ')}${didYouMean(name, subscriptions)}`;
  return refuse({ code: 'unknown-subscription', fault: `unknown subscription ${quote(name)}`, advice });
}
