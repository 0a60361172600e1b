import { z } from 'zod';
import { CONTRACTS } from '../scenario/index.ts';
import { name, parsed, parseShare, quantity, ValueError, wholeNumber } from '../yaml/index.ts';
import { costs, loadPerSecond } from './cost/schema.ts';
import { AGGREGATES, BLEMISHES } from './decision.ts';
import { date, text } from './schema-parts.ts';

const number = z.number();
const value = number.min(0).max(1);

const ends = z
  .strictObject({ worst: number, best: number })
  .describe('the raw scores that are worth 0 and 1; worst above best where less is better');
const points = z.array(z.tuple([number, value])).min(1);

const scale = z
  .strictObject({
    linear: ends.optional(),
    log: ends.optional().describe('each doubling is worth the same; both ends above 0'),
    piecewise: points
      .optional()
      .describe('[raw score, value] in the order of the raw scores, straight in between'),
    steps: z
      .strictObject({ below: value.default(0), from: points })
      .optional()
      .describe('[raw score, value]: that value from there on, and `below` before the first'),
    categories: z.record(z.string(), value).optional().describe('a value for each raw score that there is'),
    anchors: z
      .strictObject({ '1': z.string(), '2': z.string(), '3': z.string(), '4': z.string(), '5': z.string() })
      .optional()
      .describe('what 1 to 5 mean, in words, for judged scores; worth 0 to 1'),
  })
  .describe(
    'what raw scores are worth, on a scale that does not depend on the options present; one of its keys',
  );

const measured = z
  .strictObject({
    scenario: name('as it stands in the results', ['steady-state']),
    metric: text('see mqbench list metrics', ['endToEnd.p99', 'broker.cpuSecondsPerMillion', 'capacity']),
    phase: name('undefined: all that is measured', ['steady']).optional(),
    contract: z.enum(CONTRACTS).optional().describe('undefined: that of the newest campaign'),
    aggregate: z
      .enum(AGGREGATES)
      .optional()
      .describe('over the trials; where it is left out, median, and worst of what is counted'),
    accept: z
      .array(z.enum(BLEMISHES))
      .default([])
      .describe('what evidence may be though it makes options unequal; a footnote tells'),
  })
  .describe('where in the results it is');

const score = z
  .strictObject({
    measured: measured.optional(),
    documented: z.union([number, z.string()]).optional().describe('as a source has it'),
    url: z.url().optional().describe('of documented: where'),
    read: date('of documented: when it was read there').optional(),
    quote: text('of documented: one line of it', ['Messages are ordered within a partition.']).optional(),
    judged: z.union([number, z.string()]).optional().describe('as somebody thinks'),
    low: number.optional().describe('of judged: what it is at least'),
    high: number.optional().describe('of judged: what it is at most'),
    by: text('of judged: who', ['the platform team']).optional(),
    on: date('of judged: when').optional(),
    reason: text('of judged and unknown: why', ['two of us have run it for three years']).optional(),
    unknown: z.literal(true).optional().describe('nobody knows: anything from the worst to the best'),
  })
  .describe('a raw score with its source: one of measured, documented, judged and unknown');

const share = (description: string, examples: readonly string[]) =>
  quantity({ noun: 'share', parse: parseShare, least: '0%', most: '100%', description, examples });

const weights = {
  weight: share('its share of the group; all of them sum to 100 %', ['25%']).optional(),
  swing: number
    .min(0)
    .max(100)
    .optional()
    .describe(
      'what the step from the worst to the best of its scale is worth; the largest of the group is 100',
    ),
  rank: wholeNumber({
    least: 1,
    most: 100,
    description: 'its place in the group, where nothing but the order is known',
    examples: [1],
  }).optional(),
  between: z
    .tuple([share('at least', ['10%']), share('at most', ['30%'])])
    .optional()
    .describe('within which its share of the group lies'),
};

const title = text('how it is called in documents', ['Latency on an ordinary day']);

const criterion = z.strictObject({
  title,
  ...weights,
  unit: text('of its raw scores', ['ms', '/s', 'count', 'USD per million']).optional(),
  scale,
  veto: z
    .strictObject({
      unless: z
        .union([z.string(), z.array(z.string()).min(1)])
        .describe('`<= 100`, or the categories that will do'),
    })
    .optional()
    .describe('what it has to be, or the option is out'),
  measured: measured.optional(),
  costAt: loadPerSecond('its scores are the costs of a million messages at this load').optional(),
  scores: z.record(z.string(), score).optional().describe('by option; those missing are as measured'),
});

type CriterionInput = z.output<typeof criterion>;

/** A criterion, or a group of them with a weight of its own. */
export interface MemberInput extends Omit<CriterionInput, 'scale'> {
  readonly scale?: CriterionInput['scale'] | undefined;
  readonly criteria?: Readonly<Record<string, MemberInput>> | undefined;
}

const member: z.ZodType<MemberInput> = z.lazy(() =>
  z.strictObject({
    ...criterion.shape,
    scale: scale.optional(),
    criteria: z
      .record(name('name of a criterion', ['p99']), member)
      .optional()
      .describe('makes it a group, which has a title and a weight and nothing else'),
  }),
);

/** Writes schemas/decision.schema.json. */
export const decisionSchema = z
  .strictObject({
    title: text('of the decision', ['Message broker']),
    question: text('what is to be decided', ['Which message broker should the platform use?']),
    options: z
      .record(
        name('name of an option', ['kafka']),
        z.strictObject({
          title: text('as people call it', ['Apache Kafka']),
          target: name('whose trials speak for it; without one, nothing of it is measured', [
            'kafka',
          ]).optional(),
        }),
      )
      .describe('what can be chosen'),
    criteria: z.record(name('name of a criterion', ['latency']), member).describe('what counts'),
    maxAge: parsed(
      'an age such as 180d',
      {
        type: 'string',
        pattern: String.raw`^\d+d$`,
        description: 'evidence that is older counts no more',
        examples: ['180d'],
      },
      days,
    ).optional(),
    costs: costs.optional(),
    sensitivity: z
      .strictObject({
        concentration: number
          .min(1)
          .max(10_000)
          .default(30)
          .describe('k of Dirichlet(k·w): a weight w is meant as w ± √(w(1−w)/(k+1))'),
        draws: wholeNumber({
          least: 1_000,
          most: 1_000_000,
          description: 'of weights and scores; the shares are off by at most 1/√draws at 95 %',
          examples: [100_000],
        }).prefault(100_000),
        seed: wholeNumber({
          least: 0,
          most: 4_294_967_295,
          description: 'of the draws',
          examples: [42],
        }).prefault(42),
      })
      .prefault({})
      .describe('how it is found out how sure the outcome is'),
  })
  .meta({ title: 'decision.yaml', description: 'A weighted decision with the sources of its scores' });

export type DecisionInput = z.output<typeof decisionSchema>;

function days(written: string): number {
  const [, count] = /^(\d+)d$/.exec(written) ?? [];
  if (count !== undefined) return Number(count);
  throw new ValueError({
    code: 'not-an-age',
    text: written,
    fault: 'is not an age',
    advice: 'use whole days, as in 180d',
  });
}
