import { Arrivals, Due, Pace } from '../load/index.ts';
import type { Scenario } from './scenario.ts';

/** One scenario on one target, once: all that an agent needs to know of it. Plain data. */
export interface TrialPlan {
  readonly scenario: Scenario;
  readonly target: string;
  /** of `mqbench ab`; undefined: it is no side of anything */
  readonly side?: Side;
  /** from 1 */
  readonly repeat: number;
  /** from 1: the place in the order in which the campaign ran its trials */
  readonly position: number;
  /** draws arrivals and keys: the same for every target of a repeat, so that their differences are paired */
  readonly seed: number;
  /** tells this trial's messages from all others, u32 */
  readonly run: number;
  /** the topic on the broker: `mqbench.<campaign>.t<position>.<workload>` */
  readonly topic: string;
  /** examples kept of each kind of ledger event */
  readonly maxExamples: number;
}

/** Of two that are measured in turns. */
type Side = 'a' | 'b';

/** What each of them is. */
export type PlannedSides = Readonly<Record<Side, Pick<TrialPlan, 'scenario' | 'target'>>>;

/** Jepsen's cap. */
const MAX_EXAMPLES = 48;

/** What a campaign is asked to do. */
export interface CampaignRequest {
  readonly scenarios: readonly Scenario[];
  readonly targets: readonly string[];
  readonly repeats: number;
  readonly seed: number;
  /** names the campaign on the brokers: letters, digits and dashes */
  readonly name: string;
  /** whether a target cannot run a scenario; undefined: each can run each */
  readonly refuses?: (target: string, scenario: string) => boolean;
}

/**
 * The trials of a campaign in the order in which to run them. Scenarios and targets are interleaved and their
 * order is turned round in every other repeat (A B C, C B A, …), so that a drift of the machine falls on all alike.
 */
export function planTrials(request: CampaignRequest): readonly TrialPlan[] {
  const plans: TrialPlan[] = [];
  for (let repeat = 1; repeat <= request.repeats; repeat++) {
    const forth = repeat % 2 === 1;
    const targets = forth ? request.targets : request.targets.toReversed();
    for (const scenario of forth ? request.scenarios : request.scenarios.toReversed()) {
      for (const target of targets) {
        if (request.refuses?.(target, scenario.name) === true) continue;
        plans.push(planTrial(request, { scenario, target, repeat, position: plans.length + 1 }));
      }
    }
  }
  return plans;
}

/** Two sides in turns, as A B, B A, A B, …: what the machine does meanwhile falls on both alike. */
export function planSides(
  request: Pick<CampaignRequest, 'name' | 'seed' | 'repeats'>,
  sides: PlannedSides,
): readonly TrialPlan[] {
  const plans: TrialPlan[] = [];
  for (let repeat = 1; repeat <= request.repeats; repeat++) {
    for (const side of repeat % 2 === 1 ? (['a', 'b'] as const) : (['b', 'a'] as const))
      plans.push({ ...planTrial(request, { ...sides[side], repeat, position: plans.length + 1 }), side });
  }
  return plans;
}

/** One trial of a campaign; its seed is that of its repeat. */
export function planTrial(
  { name, seed }: Pick<CampaignRequest, 'name' | 'seed'>,
  which: Pick<TrialPlan, 'scenario' | 'target' | 'repeat' | 'position'>,
): TrialPlan {
  return {
    ...which,
    seed: seed + which.repeat - 1,
    run: runNumber(name, which.position),
    topic: `${campaignPrefix(name)}t${which.position}.${which.scenario.workload}`,
    maxExamples: MAX_EXAMPLES,
  };
}

/** How the names of everything begin that the campaign creates on a broker. */
export function campaignPrefix(campaign: string): string {
  return `mqbench.${campaign}.`;
}

/** The load of a scenario as its integral. */
export function paceOf(scenario: Scenario): Pace {
  return new Pace(scenario.load.phases);
}

/** When its messages are due: the same for everyone who asks. */
export function arrivalsOf({ scenario, seed }: TrialPlan): Arrivals {
  return new Arrivals(paceOf(scenario), scenario.load.arrivals, seed);
}

/** How many of its messages are due by a time. */
export function dueOf(plan: TrialPlan): Due {
  return new Due(arrivalsOf(plan));
}

/** FNV-1a of the campaign's name, and the position. */
function runNumber(campaign: string, position: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < campaign.length; index++) {
    hash = Math.imul(hash ^ campaign.charCodeAt(index), 0x01000193);
  }
  return (hash + position) >>> 0;
}
