import {
  isImported,
  loadOf,
  valueOfTrial,
  type Comparable,
  type Imported,
  type ImportedTrial,
  type Measurable,
  type Result,
  type TrialResult,
} from '../result/index.ts';
import type { Facts } from './facts.ts';

/** What is compared of a campaign, whoever measured it. */
export interface Campaign {
  readonly id: string;
  /** cut off, so that what it has is not all that was meant */
  readonly interrupted: boolean;
  /** of each scenario on each target, as planned; undefined: nobody told */
  readonly repeats: number | undefined;
  /** undefined: nobody told */
  readonly startedAt: string | undefined;
  readonly tool: { readonly name: string; readonly version?: string; readonly node?: string };
  readonly host: Facts;
  readonly canary: Result['canary'];
  /** what it has metrics of; undefined: of all that mqbench knows */
  readonly tells: ReadonlySet<string> | undefined;
  /** what a reader has to know that it does not tell */
  readonly lacks: readonly string[];
  readonly trials: readonly Trial[];
  /** what the target cannot run */
  readonly refusals: Campaign['failures'];
  /** trials that did not run to their end */
  readonly failures: readonly {
    readonly scenario: string;
    readonly target: string;
    readonly message: string;
  }[];
  loadOf(scenario: string): Facts;
}

/** A trial, as far as it is compared. */
export interface Trial {
  readonly scenario: string;
  readonly target: string;
  readonly verdict: TrialResult['verdict'];
  readonly interrupted: boolean;
  readonly warnings: readonly string[];
  readonly checks: readonly { readonly check: string; readonly passed: boolean }[];
  readonly contract: Facts;
  readonly server: Facts;
  readonly client: Facts;
  readonly emulated: boolean;
  /** in the base unit of its dimension; null where there is none */
  valueOf(metric: Measurable, phase: string | undefined): number | null;
}

export function campaignOf(comparable: Comparable): Campaign {
  return isImported(comparable) ? importedCampaign(comparable) : measuredCampaign(comparable);
}

function measuredCampaign(result: Result): Campaign {
  const { id, startedAt, endedAt, tool, host, canary, trials, failures, refusals, repeats } = result;
  const { cpu, cpus, kernel, fingerprint } = host;
  const loads = new Map<string, Facts>();
  return {
    id,
    interrupted: result.interrupted || endedAt === null,
    repeats,
    startedAt,
    // a patch of Node changes no measurement that one would see
    tool: { name: 'mqbench', version: tool.version, node: tool.node.split('.')[0] ?? tool.node },
    host: { cpu, cpus, kernel, fingerprint },
    canary,
    tells: undefined,
    lacks: [],
    trials: trials.map(measuredTrial),
    failures: failures.map(({ scenario, target, error }) => ({ scenario, target, message: error })),
    refusals: refusals.map(({ scenario, target, reason }) => ({ scenario, target, message: reason })),
    loadOf: (scenario) => {
      // the seed draws arrivals and keys
      const load = loads.get(scenario) ?? { ...withoutContract(loadOf(result, scenario)), seed: result.seed };
      loads.set(scenario, load);
      return load;
    },
  };
}

/** It is a matter of its own. */
function withoutContract(load: Facts): Facts {
  return Object.fromEntries(Object.entries(load).filter(([key]) => key !== 'contract'));
}

function measuredTrial(trial: TrialResult): Trial {
  const { scenario, target, verdict, interrupted, warnings, client } = trial;
  const { asked, effective, settings } = trial.contract;
  const { product, version, nodes, oneHost, emulated } = trial.server;
  return {
    scenario,
    target,
    verdict,
    interrupted,
    warnings,
    checks: trial.checks.map(({ check, passed }) => ({ check, passed })),
    contract: { asked, effective, ...settings },
    server: { product, version, nodes, oneHost },
    client: { ...client },
    emulated,
    valueOf: (metric, phase) => valueOfTrial(metric, trial, phase),
  };
}

function importedCampaign({ id, from, lacks, trials }: Imported): Campaign {
  return {
    id,
    interrupted: false,
    repeats: undefined,
    startedAt: undefined,
    tool: { name: from },
    host: {},
    canary: null,
    tells: new Set(trials.flatMap(({ metrics }) => Object.keys(metrics))),
    lacks: [`what ${from} measured lacks ${lacks.join('; ')}`],
    trials: trials.map(importedTrial),
    failures: [],
    refusals: [],
    loadOf: (scenario) => trials.find((trial) => trial.scenario === scenario)?.load ?? {},
  };
}

function importedTrial({ scenario, target, metrics, problem }: ImportedTrial): Trial {
  return {
    scenario,
    target,
    verdict: problem?.verdict ?? 'sustained',
    interrupted: false,
    warnings: problem === null ? [] : [problem.reason],
    checks: [],
    contract: {},
    server: {},
    client: {},
    emulated: false,
    valueOf: ({ name }, phase) => (phase === undefined ? (metrics[name] ?? null) : null),
  };
}
