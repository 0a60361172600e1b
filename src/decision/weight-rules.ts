import { problemAt, quote, type Problem, type Section } from '../yaml/index.ts';
import type { MemberInput } from './schema.ts';

type Path = readonly (string | number)[];

const WEIGHTS = ['weight', 'swing', 'rank', 'between'] as const;

/** All members of a group state their weights in the same way, and completely. */
export function weightRules(
  section: Section,
  members: Readonly<Record<string, MemberInput>>,
  path: Path,
): Problem[] {
  const entries = Object.entries(members);
  const kinds = entries.map(([, member]) => WEIGHTS.filter((kind) => member[kind] !== undefined));
  const [first] = kinds.flat();
  if (entries.length === 1 && first === undefined) return [];
  const problems = entries.flatMap(([id], index) => {
    const own = kinds[index] ?? [];
    if (own.length === 1 && own[0] === first) return [];
    const all = first === undefined ? WEIGHTS.join(', ') : first;
    const message =
      own.length > 1
        ? `has ${own.join(' and ')}; state its weight once`
        : own.length === 0
          ? `has no weight; give it ${all}`
          : `has ${own.join()}, and the others of its group ${all}; state all of them alike`;
    return [problemAt(section, [...path, id], 'weight', message)];
  });
  if (problems.length > 0 || first === undefined) return problems;
  const fault = faultOf(
    first,
    entries.map(([, member]) => member),
  );
  return fault === undefined ? [] : [problemAt(section, path, 'weights', fault)];
}

function faultOf(kind: (typeof WEIGHTS)[number], members: readonly MemberInput[]): string | undefined {
  const sum = (of: (member: MemberInput) => number): number =>
    members.reduce((total, member) => total + of(member), 0);
  switch (kind) {
    case 'weight': {
      const total = sum(({ weight = 0 }) => weight);
      if (Math.abs(total - 1) < 1e-9) return undefined;
      return `the weights sum to ${percent(total)}, and must to 100 %`;
    }
    case 'swing': {
      const largest = Math.max(...members.map(({ swing = 0 }) => swing));
      return largest === 100 ? undefined : `the largest swing is ${largest}, and must be 100`;
    }
    case 'rank': {
      const ranks = members.map(({ rank = 0 }) => rank).toSorted((a, b) => a - b);
      if (ranks.every((rank, index) => rank === index + 1)) return undefined;
      return `the ranks are ${ranks.join(', ')}, and must be 1 to ${ranks.length}, each once`;
    }
    case 'between': {
      const wrong = members.find(({ between: [low, high] = [0, 1] }) => low > high);
      if (wrong !== undefined) return `${quote(wrong.title)} weighs at least more than it does at most`;
      const [least, most] = [
        sum(({ between: [low] = [0, 1] }) => low),
        sum(({ between: [, high] = [0, 1] }) => high),
      ];
      if (least <= 1 + 1e-9 && most >= 1 - 1e-9) return undefined;
      return `no weights within these sum to 100 %: together they are ${percent(least)} to ${percent(most)}`;
    }
  }
}

function percent(share: number): string {
  return `${Math.round(share * 1e4) / 100} %`;
}
