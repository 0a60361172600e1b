import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { parseDecision } from '../../src/decision/decision-reader.ts';
import { InvalidDocument } from '../../src/yaml/index.ts';

const VALID = `title: Broker
question: Which one?
options:
  kafka: { title: Apache Kafka, target: kafka }
  sqs: { title: AWS SQS }
criteria:
  speed:
    title: Speed
    weight: 60%
    criteria:
      p99:
        title: Latency
        unit: ms
        scale: { log: { worst: 100, best: 1 } }
        veto: { unless: '<= 100' }
        measured: { scenario: steady-state, metric: endToEnd.p99, phase: steady }
        scores:
          sqs: { documented: 20, url: 'https://example.org/sqs', read: 2026-11-01 }
  fit:
    title: Fit
    weight: 40%
    criteria:
      order:
        title: Order
        swing: 100
        scale: { categories: { none: 0, per-key: 1 } }
        veto: { unless: per-key }
        scores:
          kafka: { documented: per-key, url: 'https://example.org/kafka', read: 2026-11-01 }
          sqs: { documented: none, url: 'https://example.org/sqs', read: 2026-11-01 }
      effort:
        title: Effort
        swing: 50
        scale: { anchors: { 1: a team, 2: two people, 3: one, 4: half of one, 5: nobody } }
        scores:
          kafka: { judged: 3, low: 2, high: 4, by: us, on: 2026-11-01, reason: we run two }
          sqs: { unknown: true, reason: nobody has asked }
maxAge: 180d
`;

test('a decision is read with its groups, weights, scales and sources', () => {
  const { options, criteria, maxAgeDays, draws } = parseDecision(VALID, 'decision.yaml');
  assert.deepEqual(options[1], { id: 'sqs', title: 'AWS SQS', target: undefined });
  assert.deepEqual(criteria.weights, { kind: 'explicit', shares: [0.6, 0.4] });
  assert.equal(maxAgeDays, 180);
  assert.equal(draws, 100_000);
  const [speed, fit] = criteria.members;
  assert.ok(speed !== undefined && 'members' in speed && fit !== undefined && 'members' in fit);
  assert.deepEqual(fit.weights, { kind: 'swing', swings: [100, 50] });
  const [p99] = speed.members;
  assert.ok(p99 !== undefined && !('members' in p99));
  assert.deepEqual(p99.veto, { operator: '<=', bound: 100 });
  assert.deepEqual(p99.measured?.position, { line: 16, column: 19 });
  const [, effort] = fit.members;
  assert.ok(effort !== undefined && !('members' in effort));
  assert.deepEqual(effort.scores.get('kafka'), {
    kind: 'judged',
    raw: 3,
    range: [2, 4],
    by: 'us',
    on: '2026-11-01',
    reason: 'we run two',
  });
});

/** What is changed in the above, and what is said of it. */
const MISTAKES: readonly (readonly [what: string, from: string, to: string, said: string])[] = [
  [
    'weights that do not sum',
    'weight: 40%',
    'weight: 30%',
    'decision.yaml:7:3: criteria: the weights sum to 90 %, and must to 100 %',
  ],
  [
    'two options of one title',
    'AWS SQS',
    'Apache Kafka',
    'decision.yaml:5:17: options.sqs.title: is that of kafka as well',
  ],
  [
    'a weight of another kind than its neighbour',
    'weight: 40%',
    'rank: 1',
    'decision.yaml:20:5: criteria.fit: has rank, and the others of its group weight; state all of them alike',
  ],
  [
    'a weight without a range',
    '        scale: { log: { worst: 100, best: 1 } }\n',
    '',
    'decision.yaml:12:9: criteria.speed.criteria.p99: missing key "scale": a weight means nothing without the range that it is the weight of',
  ],
  [
    'a unit that the metric is not measured in',
    'unit: ms',
    'unit: /s',
    'decision.yaml:16:19: criteria.speed.criteria.p99.measured: endToEnd.p99 is measured in us, ms, s, and the criterion in "/s"',
  ],
  [
    'a metric that there is not',
    'endToEnd.p99',
    'endToEnd.p98',
    'decision.yaml:16:53: criteria.speed.criteria.p99.measured.metric: unknown metric "endToEnd.p98"; see mqbench list metrics; did you mean "endToEnd.p90"?',
  ],
  [
    'a score without a source',
    '{ unknown: true, reason: nobody has asked }',
    '{ reason: nobody has asked }',
    'decision.yaml:37:16: criteria.fit.criteria.effort.scores.sqs: has no source; give it one of measured, documented, judged, unknown',
  ],
  [
    'a judgement without a reason',
    ', reason: we run two',
    '',
    'decision.yaml:36:18: criteria.fit.criteria.effort.scores.kafka: a score that is judged needs the key "reason"',
  ],
  [
    'an option without a score',
    "        scores:\n          sqs: { documented: 20, url: 'https://example.org/sqs', read: 2026-11-01 }\n",
    '',
    'decision.yaml:12:9: criteria.speed.criteria.p99.scores: no score for "sqs", and "sqs" has no target; give it one of measured, documented, judged, unknown',
  ],
  [
    'a score of an option that there is not',
    'sqs: { unknown: true',
    'sns: { unknown: true',
    'decision.yaml:37:16: criteria.fit.criteria.effort.scores.sns: unknown option "sns" (allowed: kafka, sqs); did you mean "sqs"?',
  ],
  [
    'a category that there is not',
    '{ documented: none',
    '{ documented: no',
    'decision.yaml:30:30: criteria.fit.criteria.order.scores.sqs.documented: unknown category "no" (allowed: none, per-key)',
  ],
  [
    'a judgement beyond the anchors',
    'judged: 3, low: 2, high: 4',
    'judged: 6',
    'decision.yaml:36:28: criteria.fit.criteria.effort.scores.kafka.judged: is not within the anchors, 1 to 5',
  ],
  [
    'a logarithm of nothing',
    'worst: 100, best: 1 }',
    'worst: 100, best: 0 }',
    'decision.yaml:14:23: criteria.speed.criteria.p99.scale.log: a logarithm needs both ends above 0',
  ],
  [
    'a veto that is no bound',
    "unless: '<= 100'",
    'unless: fast',
    'decision.yaml:15:25: criteria.speed.criteria.p99.veto.unless: "fast" is no bound; use <, <=, >, >= or == and a number, as in "<= 100"',
  ],
  [
    'a swing without one of 100',
    'swing: 100',
    'swing: 80',
    'decision.yaml:23:7: criteria.fit.criteria: the largest swing is 80, and must be 100',
  ],
  [
    'a key that there is not',
    'maxAge: 180d',
    'maxage: 180d',
    'decision.yaml:38:1: unknown key "maxage" (allowed: title, question, options, criteria, maxAge, costs, sensitivity); did you mean "maxAge"?',
  ],
  [
    'a date that there is not',
    'on: 2026-11-01',
    'on: 2026-13-01',
    'decision.yaml:36:60: criteria.fit.criteria.effort.scores.kafka.on: "2026-13-01" is not a date; use year, month and day, as in 2026-11-26',
  ],
];

describe('what is wrong is told with its place', () => {
  for (const [what, from, to, said] of MISTAKES) {
    it(what, () => {
      assert.ok(VALID.includes(from));
      assert.throws(
        () => parseDecision(VALID.replace(from, to), 'decision.yaml'),
        (error) => {
          assert.ok(error instanceof InvalidDocument);
          assert.ok(error.message.split('\n').includes(said), `${error.message}\nand not\n${said}`);
          return true;
        },
      );
    });
  }
});
