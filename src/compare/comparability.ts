import type { Campaign, Trial } from './campaign.ts';
import { differences, distinct, type Facts } from './facts.ts';
import { machineChange } from './machine.ts';
import type { Aspect, Policy } from './policy/index.ts';
import type { Sample } from './sides.ts';

/** Why two samples are not of the same thing. */
export interface Mismatch {
  readonly aspect: Aspect;
  readonly message: string;
}

/** How two sides were: each in a campaign of its own, or in one, as the sides of `mqbench ab`. */
export type Measured = 'apart' | 'in turns';

const ofCampaigns =
  (factsOf: (campaign: Campaign) => Facts) =>
  ({ campaigns }: Sample): readonly Facts[] =>
    campaigns.map(factsOf);

const ofTrials =
  (factsOf: (trial: Trial) => Facts) =>
  ({ trials }: Sample): readonly Facts[] =>
    trials.map(factsOf);

const ASPECTS_OF: readonly (readonly [Aspect, string, (sample: Sample) => readonly Facts[]])[] = [
  ['tool', 'another tool', ofCampaigns(({ tool }) => tool)],
  ['host', 'another machine', ofCampaigns(({ host }) => host)],
  [
    'load',
    'another load',
    ({ campaigns, scenario }) => campaigns.map((campaign) => campaign.loadOf(scenario)),
  ],
  ['contract', 'another contract', ofTrials(({ contract }) => contract)],
  ['server', 'another server', ofTrials(({ server }) => server)],
  ['client', 'another client', ofTrials(({ client }) => client)],
  ['emulation', 'an emulator against the real', ofTrials(({ emulated }) => ({ emulated }))],
];

/** In what the two samples differ beside what is to be judged. */
export function mismatches(
  baseline: Sample,
  current: Sample,
  { canary }: Pick<Policy, 'canary'>,
  measured: Measured,
): readonly Mismatch[] {
  const found = ASPECTS_OF.flatMap(([aspect, noun, factsOf]): readonly Mismatch[] => {
    const [first, second] = distinct([...factsOf(baseline), ...factsOf(current)]);
    if (first === undefined || second === undefined) return [];
    return [{ aspect, message: `${noun}: ${differences(first, second)}` }];
  });
  return [
    ...found,
    ...machineOf(baseline, current, canary, found),
    ...(measured === 'in turns' ? [] : orderOf(baseline, current)),
  ];
}

/** Another machine is told as such. */
function machineOf(
  baseline: Sample,
  current: Sample,
  limits: Policy['canary'],
  found: readonly Mismatch[],
): readonly Mismatch[] {
  if (found.some(({ aspect }) => aspect === 'host')) return [];
  const change = machineChange(baseline, current, limits);
  return change === undefined ? [] : [{ aspect: 'canary', message: change }];
}

/** A baseline is older than what is compared with it. */
function orderOf(baseline: Sample, current: Sample): readonly Mismatch[] {
  const [base, first] = [earliest(baseline), earliest(current)];
  if (base === undefined || first === undefined || base <= first) return [];
  return [
    {
      aspect: 'order',
      message: `the baseline is newer, of ${base}, than what is compared with it, of ${first}: are they swapped?`,
    },
  ];
}

function earliest({ campaigns }: Sample): string | undefined {
  return campaigns.flatMap(({ startedAt }) => startedAt ?? []).toSorted()[0];
}
