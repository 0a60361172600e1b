import { didYouMean, problemAt, quote, type Problem, type Section } from '../yaml/index.ts';
import { baseUnits, MEASURABLE_NAMES, measurableNamed, UNITS } from '../result/index.ts';
import { predicateOf } from './veto.ts';
import { weightRules } from './weight-rules.ts';
import type { DecisionInput, MemberInput } from './schema.ts';

type Path = readonly (string | number)[];
type ScaleInput = NonNullable<MemberInput['scale']>;
type ScoreInput = NonNullable<MemberInput['scores']>[string];
type SelectorInput = NonNullable<MemberInput['measured']>;

/** What must hold within a decision beyond the types of its values. */
export function decisionRules(section: Section, { options, criteria, costs }: DecisionInput): Problem[] {
  const rules = new Rules(section, options, costs);
  const few = Object.keys(options).length < 2;
  return [
    ...(few
      ? [problemAt(section, ['options'], 'one-option', 'there is nothing to decide; name two or more')]
      : []),
    ...rules.options(),
    ...rules.group(criteria, ['criteria']),
    ...rules.costs(),
  ];
}

class Rules {
  readonly #section: Section;
  readonly #options: DecisionInput['options'];
  readonly #costs: DecisionInput['costs'];

  constructor(section: Section, options: DecisionInput['options'], costs: DecisionInput['costs']) {
    this.#section = section;
    this.#options = options;
    this.#costs = costs;
  }

  /** Documents tell options apart by their titles. */
  options(): Problem[] {
    const titles = Object.entries(this.#options).map(([option, { title }]) => ({ option, title }));
    return titles.flatMap(({ option, title }, index) => {
      const twin = titles.slice(0, index).find((other) => other.title === title);
      return twin === undefined
        ? []
        : [this.#at(['options', option, 'title'], 'same-title', `is that of ${twin.option} as well`)];
    });
  }

  costs(): Problem[] {
    return Object.keys(this.#costs?.options ?? {}).flatMap((option) =>
      this.#unknownOption(option, ['costs', 'options', option]),
    );
  }

  group(members: Readonly<Record<string, MemberInput>>, path: Path): Problem[] {
    if (Object.keys(members).length === 0) return [this.#at(path, 'empty', 'has no criterion')];
    return [
      ...weightRules(this.#section, members, path),
      ...Object.entries(members).flatMap(([id, member]) => this.#member(member, [...path, id])),
    ];
  }

  #member(member: MemberInput, path: Path): Problem[] {
    if (member.criteria === undefined) return this.#criterion(member, path);
    const misplaced = (['unit', 'scale', 'veto', 'measured', 'costAt', 'scores'] as const)
      .filter((key) => member[key] !== undefined)
      .map((key) =>
        this.#at([...path, key], 'not-of-a-group', 'is for a criterion; this is a group of them'),
      );
    return [...misplaced, ...this.group(member.criteria, [...path, 'criteria'])];
  }

  #criterion(member: MemberInput, path: Path): Problem[] {
    const { scale, unit, measured, scores = {} } = member;
    if (scale === undefined) {
      return [
        this.#at(
          path,
          'missing-key',
          'missing key "scale": a weight means nothing without the range that it is the weight of',
        ),
      ];
    }
    const kinds = SCALES.filter((kind) => scale[kind] !== undefined);
    const [kind] = kinds;
    if (kind === undefined || kinds.length > 1) {
      const message = `has ${kinds.length === 0 ? 'none' : kinds.join(' and ')}; give it one of ${SCALES.join(', ')}`;
      return [this.#at([...path, 'scale'], 'scale', message)];
    }
    const isNumeric = kind !== 'categories' && kind !== 'anchors';
    return [
      ...this.#scale(scale, [...path, 'scale']),
      ...(isNumeric && unit === undefined
        ? [this.#at(path, 'missing-key', 'missing key "unit"; raw scores are numbers of something')]
        : []),
      ...(measured === undefined ? [] : this.#selector(measured, unit, kind, [...path, 'measured'])),
      ...this.#veto(member, scale, [...path, 'veto', 'unless']),
      ...Object.entries(scores).flatMap(([option, score]) =>
        this.#score(option, score, member, scale, [...path, 'scores', option]),
      ),
      ...this.#missing(member, path),
    ];
  }

  #scale({ linear, log, piecewise, steps }: ScaleInput, path: Path): Problem[] {
    const [kind, ends] = linear === undefined ? (['log', log] as const) : (['linear', linear] as const);
    if (ends !== undefined && ends.worst === ends.best)
      return [this.#at([...path, kind], 'scale', 'worst and best are the same')];
    if (log !== undefined && (log.worst <= 0 || log.best <= 0))
      return [this.#at([...path, 'log'], 'scale', 'a logarithm needs both ends above 0')];
    const points = piecewise ?? steps?.from ?? [];
    const unsorted = points.findIndex(([raw], index) => index > 0 && raw <= (points[index - 1]?.[0] ?? raw));
    if (unsorted < 0) return [];
    const at = piecewise === undefined ? ['steps', 'from'] : ['piecewise'];
    return [this.#at([...path, ...at, unsorted], 'scale', 'its raw score is not above the one before')];
  }

  #selector(
    { metric, phase, aggregate }: SelectorInput,
    unit: string | undefined,
    kind: (typeof SCALES)[number],
    path: Path,
  ): Problem[] {
    const measurable = measurableNamed(metric);
    if (measurable === undefined) {
      const advice = `see mqbench list metrics${didYouMean(metric, MEASURABLE_NAMES)}`;
      return [this.#at([...path, 'metric'], 'unknown-metric', `unknown metric ${quote(metric)}; ${advice}`)];
    }
    const { dimension, perPhase } = measurable;
    const units = Object.keys(UNITS[dimension]).join(', ');
    return [
      ...(kind === 'categories' || kind === 'anchors'
        ? [this.#at(path, 'unit', `${metric} is a number, and ${kind} are no scale of numbers`)]
        : unit === undefined || baseUnits(dimension, unit) !== undefined
          ? []
          : [
              this.#at(
                path,
                'unit',
                `${metric} is measured in ${units}, and the criterion in ${quote(unit)}`,
              ),
            ]),
      ...(aggregate === 'sum' && dimension !== 'count'
        ? [
            this.#at(
              [...path, 'aggregate'],
              'aggregate',
              `a sum of ${metric} over trials means nothing; use median or worst`,
            ),
          ]
        : []),
      ...(phase === undefined || perPhase
        ? []
        : [this.#at([...path, 'phase'], 'not-per-phase', `${metric} is of the whole trial; leave it out`)]),
    ];
  }

  #veto({ veto }: MemberInput, { categories }: ScaleInput, path: Path): Problem[] {
    if (veto === undefined) return [];
    const { unless } = veto;
    if (categories === undefined) {
      if (typeof unless === 'string' && predicateOf(unless) !== undefined) return [];
      const message = `${quote(String(unless))} is no bound; use <, <=, >, >= or == and a number, as in "<= 100"`;
      return [this.#at(path, 'veto', message)];
    }
    const known = Object.keys(categories);
    return [unless]
      .flat()
      .flatMap((each) =>
        known.includes(each) ? [] : [this.#at(path, 'veto', unknownCategory(each, known))],
      );
  }

  #score(option: string, score: ScoreInput, member: MemberInput, scale: ScaleInput, path: Path): Problem[] {
    const unknown = this.#unknownOption(option, path);
    if (unknown.length > 0) return unknown;
    const kinds = SOURCES.filter((kind) => score[kind] !== undefined);
    const [kind] = kinds;
    if (kind === undefined || kinds.length > 1) {
      const has = kinds.length === 0 ? 'has no source' : `has ${kinds.join(' and ')}`;
      return [this.#at(path, 'score', `${has}; give it one of ${SOURCES.join(', ')}`)];
    }
    const missing = COMPANIONS[kind].filter((key) => score[key] === undefined);
    const misplaced = ALL_COMPANIONS.filter(
      (key) =>
        score[key] !== undefined && !COMPANIONS[kind].includes(key) && !(OPTIONAL[kind] ?? []).includes(key),
    );
    return [
      ...missing.map((key) =>
        this.#at(path, 'missing-key', `a score that is ${kind} needs the key "${key}"`),
      ),
      ...misplaced.map((key) =>
        this.#at([...path, key], 'unused-setting', `is not for a score that is ${kind}`),
      ),
      ...(kind === 'measured' ? this.#measuredScore(option, score, member, path) : []),
      ...(kind === 'documented' || kind === 'judged' ? this.#raw(score, kind, scale, [...path, kind]) : []),
    ];
  }

  #measuredScore(
    option: string,
    { measured }: ScoreInput,
    { unit, scale }: MemberInput,
    path: Path,
  ): Problem[] {
    if (this.#options[option]?.target === undefined) {
      return [
        this.#at(path, 'no-target', `${quote(option)} has no target, of which something could be measured`),
      ];
    }
    const kind = SCALES.find((each) => scale?.[each] !== undefined);
    return measured === undefined || kind === undefined
      ? []
      : this.#selector(measured, unit, kind, [...path, 'measured']);
  }

  #raw(
    score: ScoreInput,
    kind: 'documented' | 'judged',
    { categories, anchors }: ScaleInput,
    path: Path,
  ): Problem[] {
    const raw = score[kind];
    if (categories !== undefined) {
      const known = Object.keys(categories);
      return known.includes(String(raw))
        ? []
        : [this.#at(path, 'unknown-category', unknownCategory(String(raw), known))];
    }
    if (typeof raw !== 'number')
      return [this.#at(path, 'wrong-type', `must be a number, not ${quote(String(raw))}`)];
    const { low = raw, high = raw } = score;
    if (low > raw || high < raw)
      return [this.#at(path, 'range', `${raw} does not lie between "low" and "high"`)];
    if (anchors !== undefined && (low < 1 || high > 5))
      return [this.#at(path, 'out-of-range', 'is not within the anchors, 1 to 5')];
    return [];
  }

  #unknownOption(option: string, path: Path): Problem[] {
    const options = Object.keys(this.#options);
    if (options.includes(option)) return [];
    const message = `unknown option ${quote(option)} (allowed: ${options.join(', ')})${didYouMean(option, options)}`;
    return [this.#at(path, 'unknown-option', message)];
  }

  /** Each option has a score, or is measured where the criterion says. */
  #missing(member: MemberInput, path: Path): Problem[] {
    const { measured, costAt, scores = {} } = member;
    if (costAt !== undefined) return this.#costAt(member, path);
    return Object.entries(this.#options).flatMap(([id, { target }]) => {
      if (scores[id] !== undefined || (measured !== undefined && target !== undefined)) return [];
      const why = measured === undefined ? 'nothing is measured' : `${quote(id)} has no target`;
      const advice = `give it one of ${SOURCES.join(', ')}`;
      return [this.#at([...path, 'scores'], 'no-score', `no score for ${quote(id)}, and ${why}; ${advice}`)];
    });
  }

  /** An option without costs is unknown there, which the page tells. */
  #costAt({ measured, scale, unit }: MemberInput, path: Path): Problem[] {
    const at = [...path, 'costAt'];
    if (unit === undefined && (scale?.categories !== undefined || scale?.anchors !== undefined))
      return [this.#at(at, 'unit', 'is a number, and categories and anchors are no scale of numbers')];
    if (measured !== undefined) return [this.#at(at, 'score', 'is either measured or a cost; leave one out')];
    return this.#costs === undefined
      ? [this.#at(at, 'no-costs', 'needs "costs", which say what options cost')]
      : [];
  }

  #at(path: Path, code: string, message: string): Problem {
    return problemAt(this.#section, path, code, message);
  }
}

const SCALES = ['linear', 'log', 'piecewise', 'steps', 'categories', 'anchors'] as const;
const SOURCES = ['measured', 'documented', 'judged', 'unknown'] as const;
type Source = (typeof SOURCES)[number];
const ALL_COMPANIONS = ['url', 'read', 'quote', 'low', 'high', 'by', 'on', 'reason'] as const;
type Companion = (typeof ALL_COMPANIONS)[number];
const COMPANIONS: Readonly<Record<Source, readonly Companion[]>> = {
  measured: [],
  documented: ['url', 'read'],
  judged: ['by', 'on', 'reason'],
  unknown: ['reason'],
};
const OPTIONAL: Readonly<Partial<Record<Source, readonly Companion[]>>> = {
  documented: ['quote'],
  judged: ['low', 'high'],
};

function unknownCategory(name: string, known: readonly string[]): string {
  return `unknown category ${quote(name)} (allowed: ${known.join(', ')})${didYouMean(name, known)}`;
}
