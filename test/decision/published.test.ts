import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseDecision } from '../../src/decision/decision-reader.ts';
import { gatherEvidence } from '../../src/decision/evidence.ts';
import { weigh } from '../../src/decision/matrix.ts';
import { assertNear } from './fixtures/near.ts';

const file = new URL('fixtures/published.yaml', import.meta.url);
const decision = parseDecision(readFileSync(file, 'utf8'), 'published.yaml');
const matrix = weigh(decision, gatherEvidence(decision, [], undefined));

test('the totals of the published matrix are what its scores come to, and not what it states', () => {
  assertNear(
    matrix.options.map(({ total }) => total * 10),
    [8.8, 7.15, 7.7, 6.45],
    1e-9,
  );
  assert.deepEqual(matrix.ranking, ['kafka', 'pulsar', 'rabbitmq', 'sqs']);
});

test('Pulsar is nowhere better than Kafka, and can never be first', () => {
  assert.deepEqual(
    matrix.options.map(({ dominatedBy }) => dominatedBy),
    [[], [], ['kafka'], []],
  );
  const pulsar = matrix.ranking.indexOf('pulsar');
  for (const { ranks } of Object.values(matrix.acceptability)) assert.equal(ranks[pulsar]?.[0], 0);
});

test('the weights at which another option would overtake are those of the reference', () => {
  const at = (title: string, rival: string): number | undefined =>
    matrix.breakEvens.find((each) => each.title === title && each.rival === rival)?.at;
  assertNear([at('Operational simplicity', 'rabbitmq') ?? 0], [0.452], 0.001);
  assertNear([at('Operational simplicity', 'sqs') ?? 0], [0.465], 0.001);
  assertNear([at('Cost at scale', 'rabbitmq') ?? 0], [0.66], 0.005);
  assert.equal(at('Performance and scalability', 'rabbitmq'), undefined);
});

test('how often each is first: with any weights, around the stated ones, and by their order', () => {
  const firsts = ({ ranks }: (typeof matrix.acceptability)['stated']): readonly number[] =>
    ['kafka', 'rabbitmq', 'sqs', 'pulsar'].map((id) => ranks[matrix.ranking.indexOf(id)]?.[0] ?? 0);
  assertNear(firsts(matrix.acceptability.nothing), [0.863, 0.13, 0.007, 0], 0.005);
  assertNear(firsts(matrix.acceptability.stated), [0.995, 0.004, 0.001, 0], 0.005);
});
