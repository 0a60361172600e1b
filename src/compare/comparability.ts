import { canonicalJson, loadOf, type Result, type TrialResult } from '../result/index.ts';
import type { Aspect } from './policy.ts';
import type { Sample } from './sides.ts';

/** Why two samples are not of the same thing. */
export interface Mismatch {
  readonly aspect: Aspect;
  readonly message: string;
}

/** What both sides have to have in common, by the names of its parts. */
type Facts = Readonly<Record<string, unknown>>;

/** How many parts that differ are named. */
const MOST_NAMED = 3;

/** In what the two samples differ beside what is to be judged. */
export function mismatches(baseline: Sample, current: Sample): readonly Mismatch[] {
  const aspects: readonly (readonly [Aspect, string, (sample: Sample) => readonly Facts[]])[] = [
    ['host', 'another machine', (sample) => sample.results.map(({ host }) => hostFacts(host))],
    ['load', 'another load', ({ results, scenario }) => results.map((result) => loadFacts(result, scenario))],
    ['contract', 'another contract', ({ trials }) => trials.map(({ contract }) => contractFacts(contract))],
    ['server', 'another server', ({ trials }) => trials.map(({ server }) => serverFacts(server))],
    ['client', 'another client', ({ trials }) => trials.map(({ client }) => ({ ...client }))],
    [
      'emulation',
      'an emulator against the real',
      ({ trials }) => trials.map(({ server }) => ({ emulated: server.emulated })),
    ],
    ['tool', 'another mqbench', ({ results }) => results.map(({ tool }) => ({ version: tool.version }))],
  ];
  const found = aspects.flatMap(([aspect, noun, factsOf]): readonly Mismatch[] => {
    const one = distinct(factsOf(baseline));
    const other = distinct(factsOf(current));
    const all = distinct([...one, ...other]);
    const [first, second] = all;
    if (first === undefined || second === undefined) return [];
    return [{ aspect, message: `${noun}: ${differences(first, second)}` }];
  });
  return [...found, ...orderOf(baseline, current)];
}

export function isOneCampaign(baseline: Sample, current: Sample): boolean {
  return baseline.results.some((result) => current.results.some(({ id }) => id === result.id));
}

function hostFacts({ cpu, cpus, kernel, fingerprint }: Result['host']): Facts {
  return { cpu, cpus, kernel, fingerprint };
}

/** The contract is a matter of its own. */
function loadFacts(result: Result, scenario: string): Facts {
  return Object.fromEntries(Object.entries(loadOf(result, scenario)).filter(([key]) => key !== 'contract'));
}

function contractFacts({ asked, effective, settings }: TrialResult['contract']): Facts {
  return { asked, effective, ...settings };
}

function serverFacts({ product, version, nodes, oneHost }: TrialResult['server']): Facts {
  return { product, version, nodes, oneHost };
}

function distinct(facts: readonly Facts[]): readonly Facts[] {
  return [...new Map(facts.map((each) => [canonicalJson(each), each])).values()];
}

/** `flush.messages none, now 1; effective leader-acked, now fsynced-acked` */
function differences(before: Facts, now: Facts): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (name) => canonicalJson(before[name]) !== canonicalJson(now[name]),
  );
  const told = names
    .slice(0, MOST_NAMED)
    .map((name) => `${name} ${short(before[name])}, then ${short(now[name])}`);
  return [...told, ...(names.length > MOST_NAMED ? [`and ${names.length - MOST_NAMED} more`] : [])].join(
    '; ',
  );
}

function short(value: unknown): string {
  if (value === undefined) return 'none';
  const text = typeof value === 'string' ? value : canonicalJson(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** A baseline is older than what is compared with it; two sides of one campaign have no such order. */
function orderOf(baseline: Sample, current: Sample): readonly Mismatch[] {
  const [base, first] = [earliest(baseline), earliest(current)];
  if (base === undefined || first === undefined || base <= first || isOneCampaign(baseline, current))
    return [];
  return [
    {
      aspect: 'order',
      message: `the baseline is newer, of ${base}, than what is compared with it, of ${first}: are they swapped?`,
    },
  ];
}

function earliest({ results }: Sample): string | undefined {
  return results.map(({ startedAt }) => startedAt).toSorted()[0];
}
