import { measurableNamed } from '../result/index.ts';
import {
  parseDocument,
  validateDocument,
  type Position,
  type Section,
  type YamlDocument,
} from '../yaml/index.ts';
import {
  criteriaOf,
  type CostSpec,
  type Criterion,
  type Decision,
  type Group,
  type Scale,
  type Score,
  type Selector,
  type Weighting,
} from './decision.ts';
import { decisionRules } from './decision-rules.ts';
import { decisionSchema, type DecisionInput, type MemberInput } from './schema.ts';
import { predicateOf, type Veto } from './veto.ts';

/**
 * The decision of a YAML text.
 * @param file how to call it in errors
 * @throws InvalidDocument (a UserError) with every problem at its line and column, and nothing else
 */
export function parseDecision(text: string, file: string): Decision {
  return readDecision(parseDocument(text, file, 'decision'));
}

/** As parseDecision, of a document that has been parsed. */
function readDecision(document: YamlDocument): Decision {
  const { section, value } = validateDocument(document, decisionSchema, decisionRules);
  return resolve(value, section);
}

/** What a decision has, for who only wants to know whether it is valid. @throws InvalidDocument */
export function readContents(document: YamlDocument): {
  readonly options: readonly string[];
  readonly criteria: number;
} {
  const { options, criteria } = readDecision(document);
  return { options: options.map(({ id }) => id), criteria: criteriaOf(criteria).length };
}

function resolve(input: DecisionInput, section: Section): Decision {
  const { title, question, options, criteria, costs, maxAge, sensitivity } = input;
  return {
    file: section.document.file,
    title,
    question,
    options: Object.entries(options).map(([id, option]) => ({
      id,
      title: option.title,
      target: option.target,
    })),
    criteria: group('criteria', title, criteria, section, ['criteria']),
    costs: costs === undefined ? undefined : costSpec(costs, section.locate(['costs', 'prices'])),
    maxAgeDays: maxAge,
    ...sensitivity,
  };
}

function group(
  id: string,
  title: string,
  members: Readonly<Record<string, MemberInput>>,
  section: Section,
  path: readonly string[],
): Group {
  return {
    id,
    title,
    weights: weighting(Object.values(members)),
    members: Object.entries(members).map(([name, member]) =>
      member.criteria === undefined
        ? criterion(name, member, section, [...path, name])
        : group(name, member.title, member.criteria, section, [...path, name, 'criteria']),
    ),
  };
}

function costSpec(
  { prices, messageSize, loads, options }: NonNullable<DecisionInput['costs']>,
  position: Position,
): CostSpec {
  return {
    prices,
    position,
    messageBytes: messageSize,
    loads: [...new Set(loads)].toSorted((a, b) => a - b),
    options: new Map(
      Object.entries(options).map(([id, { monthly, perMessage, upTo }]) => [
        id,
        {
          monthly: monthly.map(({ item, count, why }) => ({ item, count, why })),
          perMessage: perMessage.map(({ item, requests, copies, why }) => ({ item, requests, copies, why })),
          upToPerSecond: upTo,
        },
      ]),
    ),
  };
}

/** The rules have seen to it that all members state their weights alike. */
function weighting(members: readonly MemberInput[]): Weighting {
  const [first] = members;
  if (first?.swing !== undefined) return { kind: 'swing', swings: members.map(({ swing = 0 }) => swing) };
  if (first?.rank !== undefined) return { kind: 'rank', ranks: members.map(({ rank = 0 }) => rank) };
  if (first?.between !== undefined)
    return { kind: 'between', bounds: members.map(({ between = [0, 1] }) => between) };
  // the only one of its group needs to state none
  return { kind: 'explicit', shares: members.map(({ weight = 1 }) => weight) };
}

function criterion(id: string, input: MemberInput, section: Section, path: readonly string[]): Criterion {
  const { title, unit = null, scale, veto, measured, costAt, scores = {} } = input;
  const selectorAt = (at: readonly string[], selector: NonNullable<MemberInput['measured']>): Selector => ({
    ...selector,
    phase: selector.phase,
    contract: selector.contract,
    aggregate: selector.aggregate ?? usualAggregate(selector.metric),
    position: section.locate(at),
  });
  return {
    id,
    title,
    unit,
    scale: scaleOf(scale ?? {}),
    veto: veto === undefined ? undefined : vetoOf(veto.unless),
    measured: measured === undefined ? undefined : selectorAt([...path, 'measured'], measured),
    costAt:
      costAt === undefined ? undefined : { perSecond: costAt, position: section.locate([...path, 'costAt']) },
    scores: new Map(
      Object.entries(scores).map(([option, score]): [string, Score] => [
        option,
        scoreOf(score, (selector) => selectorAt([...path, 'scores', option], selector)),
      ]),
    ),
  };
}

/** Of what is counted, such as lost messages, one trial that has some is enough. */
function usualAggregate(metric: string): Selector['aggregate'] {
  return measurableNamed(metric)?.dimension === 'count' ? 'worst' : 'median';
}

/** The rules have seen to it that it is one of them. */
function scaleOf({
  linear,
  log,
  piecewise,
  steps,
  categories,
  anchors,
}: NonNullable<MemberInput['scale']>): Scale {
  if (linear !== undefined) return { kind: 'linear', ...linear };
  if (log !== undefined) return { kind: 'log', ...log };
  if (piecewise !== undefined) return { kind: 'piecewise', points: piecewise };
  if (steps !== undefined) return { kind: 'step', below: steps.below, steps: steps.from };
  if (categories !== undefined) return { kind: 'categorical', values: categories };
  return { kind: 'linear', worst: 1, best: 5, ...(anchors === undefined ? {} : { anchors }) };
}

function scoreOf(
  input: NonNullable<MemberInput['scores']>[string],
  selectorOf: (selector: NonNullable<MemberInput['measured']>) => Selector,
): Score {
  const { measured, documented, judged, url = '', read = '', quote, low, high, by = '', on = '' } = input;
  const { reason = '' } = input;
  if (measured !== undefined) return { kind: 'measured', selector: selectorOf(measured) };
  if (documented !== undefined) return { kind: 'documented', raw: documented, url, read, quote };
  if (judged === undefined) return { kind: 'unknown', reason };
  const likely = typeof judged === 'number' ? judged : 0;
  const range =
    low === undefined && high === undefined ? undefined : ([low ?? likely, high ?? likely] as const);
  return { kind: 'judged', raw: judged, range, by, on, reason };
}

function vetoOf(unless: string | readonly string[]): Veto {
  if (typeof unless !== 'string') return { oneOf: unless };
  return predicateOf(unless) ?? { oneOf: [unless] };
}
