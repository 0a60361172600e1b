import { measurableNamed, MEASURABLE_NAMES } from '../../result/index.ts';
import {
  didYouMean,
  parseDocument,
  problemAt,
  quote,
  validateDocument,
  type Problem,
  type Section,
  type YamlDocument,
} from '../../yaml/index.ts';
import { repeatsFor, smallestFound } from './plan.ts';
import type { Gate, Policy } from './policy.ts';
import { policySchema, type PolicyInput } from './schema.ts';

/**
 * The policy of a YAML text.
 * @param file how to call it in errors
 * @throws InvalidDocument with every problem at its line and column
 */
export function parsePolicy(text: string, file: string): Policy {
  return readPolicy(parseDocument(text, file, 'policy'));
}

/** What a policy has, for who only wants to know whether it is valid. @throws InvalidDocument */
export function readPolicyContents(document: YamlDocument): {
  readonly gates: number;
  readonly finds: string;
} {
  const policy = readPolicy(document);
  return { gates: policy.gates.length, finds: sensitivityText(policy) };
}

/** As parsePolicy, of a document that has been parsed. */
function readPolicy(document: YamlDocument): Policy {
  const { gates, repeats, ...rest } = validateDocument(document, policySchema, rules).value;
  return {
    ...rest,
    repeats,
    gates: gates.map(({ metric, tolerance, phase, scenarios, targets }) => ({
      metric,
      tolerance,
      phase,
      scenarios,
      targets,
    })),
  };
}

function rules(section: Section, { gates, alpha, repeats }: PolicyInput): Problem[] {
  const ofGates = gates.flatMap(({ metric, phase }, index): Problem[] => {
    const known = measurableNamed(metric);
    if (known === undefined)
      return [
        problemAt(
          section,
          ['gates', index, 'metric'],
          'unknown-metric',
          `unknown metric ${quote(metric)}; see mqbench list metrics${didYouMean(metric, MEASURABLE_NAMES)}`,
        ),
      ];
    if (metric === 'backlog.slope')
      return [
        problemAt(
          section,
          ['gates', index, 'metric'],
          'no-ratio',
          'backlog.slope is about 0 where a load is carried, and there is no ratio to nothing; gate backlog.peak, or recovery.drain',
        ),
      ];
    return phase !== undefined && !known.perPhase
      ? [
          problemAt(
            section,
            ['gates', index, 'phase'],
            'no-phase',
            `${metric} is known for whole trials only`,
          ),
        ]
      : [];
  });
  const rows = atLeastRows(gates);
  const needed = repeatsFor(rows, alpha);
  if (repeats === undefined || repeats >= needed) return ofGates;
  return [
    ...ofGates,
    problemAt(
      section,
      ['repeats'],
      'too-few-repeats',
      `${rows} gated row${rows === 1 ? '' : 's'} need${rows === 1 ? 's' : ''} ${needed} repeats: with ${repeats} a rank test has no p below ${(alpha * 100).toFixed(0)} % ÷ ${rows}`,
    ),
  ];
}

/** Rows that there are at the least: a gate that is about all of them is about each that any other names. */
function atLeastRows(gates: readonly Partial<Pick<Gate, 'scenarios' | 'targets'>>[]): number {
  const named = (key: 'scenarios' | 'targets'): number =>
    Math.max(1, new Set(gates.flatMap((gate) => gate[key] ?? [])).size);
  const [scenarios, targets] = [named('scenarios'), named('targets')];
  return gates.reduce(
    (sum, gate) => sum + (gate.scenarios?.length ?? scenarios) * (gate.targets?.length ?? targets),
    0,
  );
}

/**
 * What the policy can find, in a sentence: a change has to be beyond the tolerance by as much as trials can tell apart.
 * @param repeats of each side; undefined: as the policy says, or the fewest that can show anything
 */
export function sensitivityText(policy: Policy, repeats = policy.repeats): string {
  const { gates, variation, alpha, power } = policy;
  const rows = atLeastRows(gates);
  const trials = repeats ?? repeatsFor(rows, alpha);
  const found = smallestFound({ base: trials, current: trials }, variation, rows, policy);
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  const sizes = `with ${trials} repeats and ${percent(variation)} variation from trial to trial, at least ${rows} gated row${rows === 1 ? '' : 's'}`;
  if (found === undefined) return `${sizes}: no change, however large, can be found`;
  const told = gates.map(({ metric, phase, tolerance }) => {
    const smallest = (1 + tolerance) * (1 + found) - 1;
    return `${metric}${phase === undefined ? '' : ` in ${phase}`} shows changes of ${percent(smallest)} and more`;
  });
  return `${sizes}: ${[...new Set(told)].join(', ')}, ${(power * 100).toFixed(0)} times in a hundred`;
}
