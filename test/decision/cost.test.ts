import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it, test } from 'node:test';
import { decide, decisionPage } from '../../src/decision/index.ts';
import { readText } from '../../src/yaml/index.ts';
import { assertGolden } from '../golden/golden.ts';
import { resultOf, trialOf } from '../result/fixtures/sample.ts';
import {
  billedRequests,
  breakEvenLoad,
  costPerMillion,
  messagesPerMonth,
  zoneCrossings,
} from '../../src/decision/cost/cost.ts';

const near = (actual: number | undefined, expected: number, tolerance: number): void => {
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
};

const ONE_BY_ONE = { send: 1, receive: 1, delete: 1, emptyReceives: 0 };
const BY_TEN = { send: 10, receive: 10, delete: 10, emptyReceives: 0 };

describe('SQS by its requests, at 0.40 a million', () => {
  const perMillion = (requestsPerMessage: number): number | undefined =>
    costPerMillion(
      { perMonth: 0, perMessage: (requestsPerMessage * 0.4) / 1e6, upToPerSecond: undefined },
      1000,
      730,
    );
  it('send, receive and delete one by one', () =>
    near(perMillion(billedRequests(ONE_BY_ONE, 1024)), 1.2, 1e-9));
  it('ten at a time', () => near(perMillion(billedRequests(BY_TEN, 1024)), 0.12, 1e-9));
  it('100 KiB one by one: two chunks to send and to receive', () =>
    near(perMillion(billedRequests(ONE_BY_ONE, 102_400)), 2, 1e-9));
  it('ten of 10 KiB in a request: chunks count on the whole', () =>
    near(perMillion(billedRequests(BY_TEN, 10_240)), 0.2, 1e-9));
  it('receives that bring nothing are billed as well', () =>
    near(perMillion(billedRequests({ ...BY_TEN, emptyReceives: 0.5 }, 1024)), 0.32, 1e-9));
});

test('SNS before three queues, ten at a time: 0.29 a million published', () => {
  const perMessage = (0.1 * 0.5 + 3 * (0.1 + 0.1) * 0.4) / 1e6;
  near(costPerMillion({ perMonth: 0, perMessage, upToPerSecond: undefined }, 1000, 730), 0.29, 1e-9);
});

test('300 MiB/s through three zones, three replicas and two groups: four crossings a byte', () => {
  const crossings = zoneCrossings({ zones: 3, replicas: 3, consumers: 2 });
  near(crossings, 4, 1e-12);
  const hours = 30 * 24;
  const perSecond = 300 * 1024;
  const gibPerMonth = (messagesPerMonth(perSecond, hours) * 1024 * crossings) / 2 ** 30;
  near(gibPerMonth, 3_037_500, 1e-3);
  const perMessage = (crossings * 1024 * 0.02) / 2 ** 30;
  const perMillion = costPerMillion({ perMonth: 0, perMessage, upToPerSecond: undefined }, perSecond, hours);
  near(perMillion, 0.0763, 5e-5);
  near(((perMillion ?? 0) * messagesPerMonth(perSecond, hours)) / 1e6, 60_750, 1e-6);
});

const CLUSTER = { perMonth: 1000, perMessage: 0, upToPerSecond: 5000 };
const MANAGED = { perMonth: 0, perMessage: 1e-6, upToPerSecond: undefined };

test('a cluster and a managed service cost the same where the month of one is the messages of the other', () => {
  const load = breakEvenLoad(CLUSTER, MANAGED, 730);
  near(load, 1e9 / (730 * 3600), 1e-9);
  near(costPerMillion(CLUSTER, load ?? 0, 730), costPerMillion(MANAGED, load ?? 0, 730) ?? Number.NaN, 1e-12);
  assert.equal(breakEvenLoad(MANAGED, CLUSTER, 730), load);
});

test('they never do where one is dearer either way, or where the load is beyond the cluster', () => {
  assert.equal(breakEvenLoad(CLUSTER, { ...MANAGED, perMonth: 2000 }, 730), undefined);
  assert.equal(breakEvenLoad({ ...CLUSTER, upToPerSecond: 100 }, MANAGED, 730), undefined);
});

test('a price is not extrapolated beyond the load that a cluster is known to carry', () => {
  assert.equal(costPerMillion(CLUSTER, 5001, 730), undefined);
  near(costPerMillion(CLUSTER, 5000, 730), 1000 / ((5000 * 730 * 3600) / 1e6), 1e-12);
});

describe('a decision by cost', () => {
  const text = async (name: string): Promise<string> =>
    readFile(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
  const requests = (perMessage: number) => ({ total: 1, perMessage, byAction: {} });
  const trials = [1.2, 1.5, 1.3].map((perMessage, index) =>
    trialOf({
      target: 'sqs',
      repeat: index + 1,
      resources: { ...trialOf().resources, requests: requests(perMessage) },
    }),
  );
  const sources = {
    decision: async () => text('costs.yaml'),
    prices: async (path: string) => ({ text: await text(path), file: path }),
    results: async () => [resultOf(trials, { scenarios: [{ name: 'checkout' }] })],
  };

  it('is decision-costs.md, with what is missing told as incomplete', async () => {
    await assertGolden('decision-costs.md', decisionPage(await decide('costs.yaml', sources), '2025-01-03'));
  });

  it('is refused where its criterion is in another currency than the prices', async () => {
    const inEuro = async (): Promise<string> => (await text('costs.yaml')).replace('USD per', 'EUR per');
    await assert.rejects(
      decide('costs.yaml', { ...sources, decision: inEuro }),
      /^InvalidDocument: costs\.yaml:15:\d+: cost: costs are in "USD per million" by prices\.yaml, and the criterion is in "EUR per million"/,
    );
  });

  for (const [what, from, to, said] of [
    [
      'without its price sheet, at the place that names it',
      'prices: prices.yaml',
      'prices: nope.yaml',
      /^InvalidDocument: costs\.yaml:18:11: costs\.prices: nope\.yaml: no such file$/,
    ],
    [
      'for requests and copies at once',
      'requests: { scenario: checkout } }',
      'requests: 3, copies: 2 }',
      /costs\.options\.sqs\.perMessage\[0\]: an item is priced by requests or by GB; say "requests" or "copies"$/,
    ],
    [
      'for more replicas than zones, each of which has one',
      'zones: 3, replicas: 3',
      'zones: 2, replicas: 3',
      /perMessage\[0\]\.copies: each replica is in a zone of its own/,
    ],
    [
      'for a count beyond all reason',
      'count: 1000',
      'count: 1e308',
      /count: "1e308" is not valid; must be at most 1000000000$/,
    ],
    [
      'for a comment in a title, which would end a region of an ADR',
      'title: Apache Kafka',
      'title: Kafka <!-- mqbench:end matrix -->',
      /title: .* is not valid; must not hold a comment of HTML/,
    ],
  ] as const) {
    it(`is refused ${what}`, async () => {
      const changed = (await text('costs.yaml')).replace(from, to);
      const absent = async (path: string) => ({
        text: path === 'prices.yaml' ? await text(path) : await readText(path),
        file: path,
      });
      await assert.rejects(
        decide('costs.yaml', { ...sources, decision: async () => changed, prices: absent }),
        said,
      );
    });
  }

  it('is incomplete where requests were counted of messages of which ten are over 64 KiB', async () => {
    const large = async (): Promise<string> => (await text('costs.yaml')).replace('1KiB', '8KiB');
    const { costs } = await decide('costs.yaml', { ...sources, decision: large });
    const [, sqs] = costs;
    assert.equal(sqs?.expense, undefined);
    assert.match(sqs?.missing[0] ?? '', /may be billed several times/);
  });

  it('counts requests as they were measured, and never takes what is missing for nothing', async () => {
    const { options } = await decide('costs.yaml', sources);
    const [kafka, sqs, pulsar, nats] = options.map(({ cells }) => cells[0]);
    near(Number(kafka?.raw), (3 * 0.1 * 730 + 80) / 2628 + 4 * 1024 * 0.02e-3, 1e-9);
    near(Number(sqs?.raw), 1.3 * 0.4, 1e-9);
    assert.equal(pulsar?.raw, null);
    assert.deepEqual(pulsar?.source, { kind: 'unknown', reason: 'incomplete: no price for bookie' });
    assert.deepEqual(nats?.source, { kind: 'unknown', reason: 'nobody has said what it costs' });
  });
});
