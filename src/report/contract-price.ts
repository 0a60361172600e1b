import type { Result, TrialResult } from '../result/index.ts';
import { median } from '../stats/index.ts';
import { formatMs, formatRate } from './format.ts';
import { groupTrials, spread, type Group } from './summary.ts';

export const PRICE_COLUMNS = [
  'target',
  'effective contract',
  'settings that differ (c: of the client)',
  'delivered/s',
  'p50 ms',
  'p99 ms',
  'ack p50 ms',
  'ack p99 ms',
  'ack p50 ×',
] as const;

export const PRICE_NOTE =
  'ack p50 × is how many times that of the first contract, by repeats, which send the same messages at the same times';

/**
 * What a contract costs: rows of scenarios of this campaign that differ in nothing else, by target. None where there are no such scenarios.
 */
export function contractPrices(result: Result): readonly (readonly string[])[] {
  const groups = groupTrials(result);
  const loads = new Map(result.scenarios.map((scenario) => [scenario.name, loadOf(scenario)]));
  const families = new Map<string, Group[]>();
  for (const group of groups) {
    const load = loads.get(group.scenario);
    // a rate that a capacity was looked for at
    if (load === undefined) continue;
    const id = JSON.stringify([load, group.target]);
    families.set(id, [...(families.get(id) ?? []), group]);
  }
  return [...families.values()].filter(({ length }) => length > 1).flatMap(rowsOf);
}

/** All of a scenario but its words, its contract, and what is asserted of it. */
function loadOf(scenario: Result['scenarios'][number]): string {
  const {
    name: _name,
    title: _title,
    question: _question,
    contract: _contract,
    checks: _,
    ...load
  } = scenario;
  return JSON.stringify(load);
}

function rowsOf(family: readonly Group[]): readonly (readonly string[])[] {
  const differing = differingSettings(family);
  const [first] = family;
  return family.map((group) => [
    group.target,
    group.trials[0]?.contract.effective ?? '',
    differing.map((name) => described(group, name)).join(', ') || 'none',
    spread(
      group.trials.map((trial) => trial.measured.deliveredRate),
      formatRate,
    ),
    latency(group, (trial) => trial.measured.latency.endToEnd.p50Us),
    latency(group, (trial) => trial.measured.latency.endToEnd.p99Us),
    latency(group, ackP50Us),
    latency(group, (trial) => trial.measured.latency.acknowledge.p99Us),
    group === first ? '1' : times(group, first),
  ]);
}

function described(group: Group, name: string): string {
  const byClient = group.trials[0]?.contract.notReadBack.includes(name) === true;
  return `${name}=${settingOf(group, name) ?? 'not there'}${byClient ? ' (c)' : ''}`;
}

/** Names of the settings that are not the same for all. */
function differingSettings(family: readonly Group[]): readonly string[] {
  const names = new Set(family.flatMap((group) => Object.keys(group.trials[0]?.contract.settings ?? {})));
  return [...names].filter((name) => new Set(family.map((group) => settingOf(group, name))).size > 1);
}

function settingOf({ trials }: Group, name: string): string | number | boolean | undefined {
  return trials[0]?.contract.settings[name];
}

/** As in the first table: of trials that were not sustained it would tell how long they ran. */
function latency(group: Group, of: (trial: TrialResult) => number | null): string {
  return spread(sound(group).map(of), formatMs);
}

function times(group: Group, first: Group | undefined): string {
  const ratios = sound(group).flatMap((trial) => {
    const other = first && sound(first).find(({ repeat }) => repeat === trial.repeat);
    const [ours, theirs] = [ackP50Us(trial), other && ackP50Us(other)];
    return ours === null || theirs === null || theirs === undefined ? [] : [ours / theirs];
  });
  return median(ratios) === undefined ? '-' : spread(ratios, (value) => value.toFixed(2));
}

function sound({ trials }: Group): readonly TrialResult[] {
  return trials.filter(({ verdict }) => verdict === 'sustained');
}

function ackP50Us(trial: TrialResult): number | null {
  return trial.measured.latency.acknowledge.p50Us;
}
