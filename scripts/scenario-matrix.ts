import type { Result, TrialResult } from '../src/result/index.ts';
import { metricNamed, parseCheck } from '../src/scenario/index.ts';

/** What a scenario came to on a target; of what is not `ran`, why. */
interface Cell {
  readonly word: 'ran' | 'unfinished' | 'refused' | 'broken' | 'failed' | 'not run';
  readonly reasons: readonly string[];
}

type Outcomes = Pick<Result, 'trials' | 'refusals' | 'failures'>;

/** How campaigns of one trial of each scenario went, as a page of docs/: a row a scenario, a column a target. */
export function matrixPage(results: readonly Result[], about: string): string {
  const all: Outcomes = {
    trials: results.flatMap(({ trials }) => trials),
    refusals: results.flatMap(({ refusals }) => refusals),
    failures: results.flatMap(({ failures }) => failures),
  };
  const targets = unique([...all.trials, ...all.refusals, ...all.failures].map(({ target }) => target));
  const scenarios = unique(results.flatMap((result) => result.scenarios.map(({ name }) => name))).toSorted();
  const notes: string[] = [];
  const noteOf = (reason: string): string => {
    if (!notes.includes(reason)) notes.push(reason);
    return `[${notes.indexOf(reason) + 1}](#notes)`;
  };
  const told = ({ word, reasons }: Cell): string => [word, ...reasons.map(noteOf)].join(' ');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = scenarios.map((scenario) =>
    line([scenario, ...targets.map((target) => told(cellOf(all, scenario, target)))]),
  );
  return [
    '# Scenarios on targets',
    '',
    about,
    '',
    '`ran`: to its end, every message is accounted for, and nothing is broken that the scenario says must hold. `refused`: the target cannot do what it asks, and was not measured. `broken`: something did not hold. `unfinished`: this machine was so busy that the rest was not worked off in time. `failed`: the trial broke off.',
    '',
    line(['scenario', ...targets]),
    `|---|${targets.map(() => '---|').join('')}`,
    line(['*ran on*', ...targets.map((target) => serverOf(all, target))]),
    ...rows,
    '',
    '## Notes',
    '',
    ...notes.map((note, index) => `${index + 1}. ${note}`),
    '',
  ].join('\n');
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function serverOf({ trials }: Outcomes, target: string): string {
  const server = trials.find((trial) => trial.target === target)?.server;
  return server === undefined ? '-' : `${server.product} ${server.version}`;
}

function cellOf({ trials, refusals, failures }: Outcomes, scenario: string, target: string): Cell {
  const isThis = (each: { readonly scenario: string; readonly target: string }): boolean =>
    each.scenario === scenario && each.target === target;
  const refusal = refusals.find(isThis);
  if (refusal !== undefined) return { word: 'refused', reasons: [refusal.reason] };
  const failure = failures.find(isThis);
  if (failure !== undefined) return { word: 'failed', reasons: [failure.error] };
  const trial = trials.find(isThis);
  return trial === undefined ? { word: 'not run', reasons: [] } : cellOfTrial(trial);
}

function cellOfTrial({ verdict, warnings, checks, drain }: TrialResult): Cell {
  if (verdict === 'failed') return { word: 'failed', reasons: warnings.slice(0, 1) };
  // of orders that are under way nothing can be said
  if (!drain.complete && verdict !== 'incorrect') return { word: 'unfinished', reasons: [] };
  const broken = checks
    .filter(({ check, passed }) => !passed && isOfRightness(check))
    .map(({ check, value }) => `${check}, and it is ${value ?? 'unknown'}`);
  if (broken.length > 0) return { word: 'broken', reasons: broken };
  return verdict === 'incorrect'
    ? { word: 'broken', reasons: warnings.slice(0, 1) }
    : { word: 'ran', reasons: [] };
}

/** Whether a check is about what became of messages, and not about how fast that was. */
function isOfRightness(check: string): boolean {
  const { metric } = parseCheck(check);
  return metricNamed(metric)?.unit === 'count' && !metric.startsWith('backlog.');
}
