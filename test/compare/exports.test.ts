import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import {
  benchmarkEntries,
  bencherMetrics,
  benchstatText,
  compare,
  DEFAULT_POLICY,
  junitXml,
  type Comparison,
} from '../../src/compare/index.ts';
import type { Result } from '../../src/result/index.ts';
import { measuredUpTo, resultOf, trialOf } from '../result/fixtures/sample.ts';
import { folderOf } from '../scenario/fixtures/folder.ts';

/** Names that have to be written with care in every format. */
const AWKWARD = 'flash <sale> & "co"';

function campaign(slowest: Readonly<Record<string, readonly number[]>>, of: Partial<Result> = {}): Result {
  const trials = Object.entries(slowest).flatMap(([target, all]) =>
    all.map((us, index) =>
      trialOf({ scenario: AWKWARD, target, repeat: index + 1, measured: measuredUpTo(us) }),
    ),
  );
  return resultOf(trials, { scenarios: [{ name: AWKWARD }], ...of });
}

const STEADY = [4000, 4040, 3960, 4020, 3980];
const slower = (factor: number): readonly number[] => STEADY.map((us) => us * factor);

/** A row of each verdict, and something that fails. */
const COMPARISON: Comparison = compare(
  [
    campaign({
      kafka: STEADY,
      nats: STEADY,
      redis: STEADY,
      pulsar: STEADY,
      rabbitmq: STEADY.slice(0, 2),
      sqs: STEADY,
    }),
  ],
  [
    campaign(
      {
        kafka: slower(2),
        nats: slower(0.5),
        redis: STEADY,
        pulsar: slower(1.2),
        rabbitmq: STEADY.slice(0, 2),
      },
      { id: 'later', startedAt: '2026-02-01T00:00:00.000Z' },
    ),
  ],
  DEFAULT_POLICY,
);

describe('JUnit XML of a comparison', () => {
  it('is valid by its schema', async (t) => {
    const { error } = spawnSync('xmllint', ['--version']);
    if (error !== undefined && process.env['MQBENCH_LIVE'] !== 'require') {
      t.skip('needs xmllint');
      return;
    }
    await using folder = await folderOf({});
    const file = join(folder.path, 'junit.xml');
    await writeFile(file, junitXml(COMPARISON));
    const schema = fileURLToPath(new URL('fixtures/junit.xsd', import.meta.url));
    const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', schema, file], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    await writeFile(file, junitXml(COMPARISON).replace(' name="vanished"', ''));
    const broken = spawnSync('xmllint', ['--noout', '--schema', schema, file], { encoding: 'utf8' });
    assert.match(
      broken.stderr,
      /The attribute 'name' is required but missing/,
      'the schema finds what is wrong',
    );
  });

  it('counts what fails and what is not known apart', () => {
    const xml = junitXml(COMPARISON);
    assert.match(
      xml,
      /<testsuite name="mqbench compare" tests="6" failures="2" errors="0" time="0" skipped="2">/,
    );
    assert.equal(xml.match(/<failure /g)?.length, 2);
    assert.equal(xml.match(/<skipped message="inconclusive: /g)?.length, 2);
  });
});

/** As reference/decision-and-ci.md, section 1.3, has it. */
const BENCHER = {
  type: 'object',
  minProperties: 1,
  propertyNames: { minLength: 1, maxLength: 1024 },
  additionalProperties: {
    type: 'object',
    minProperties: 1,
    propertyNames: { pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 64 },
    additionalProperties: {
      type: 'object',
      required: ['value'],
      properties: {
        value: { type: 'number' },
        lower_value: { type: 'number' },
        upper_value: { type: 'number' },
      },
      additionalProperties: false,
    },
  },
};

/** As section 1.2 has it; an empty array throws there. */
const BENCHMARK_ACTION = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    required: ['name', 'unit', 'value'],
    properties: {
      name: { type: 'string' },
      unit: { type: 'string' },
      value: { type: 'number' },
      range: { type: 'string' },
      extra: { type: 'string' },
    },
    additionalProperties: false,
  },
};

function expectValid(schema: object, value: unknown): void {
  const ajv = new Ajv({ allErrors: true });
  // as it is read, with what JSON has no way to write
  const read: unknown = JSON.parse(JSON.stringify(value));
  assert.ok(ajv.validate(schema, read), ajv.errorsText());
}

describe('for other tools, a comparison', () => {
  it('has the shape of Bencher Metric Format', () => {
    const metrics = bencherMetrics(COMPARISON);
    expectValid(BENCHER, metrics);
    const {
      value = 0,
      lower_value = 0,
      upper_value = 0,
    } = metrics[`${AWKWARD}/kafka`]?.['end-to-end-p99'] ?? {};
    assert.ok(lower_value < value && value < upper_value);
  });

  it('has the shape of github-action-benchmark, a file for each direction', () => {
    const { smallerIsBetter, biggerIsBetter } = benchmarkEntries(COMPARISON);
    for (const entries of [smallerIsBetter, biggerIsBetter]) expectValid(BENCHMARK_ACTION, entries);
    assert.ok(smallerIsBetter.every(({ name }) => !name.endsWith('.rate')));
    assert.ok(biggerIsBetter.every(({ name }) => name.endsWith('.rate')));
  });

  it("has the shape of Go's benchmark format, a line a trial", () => {
    const lines = benchstatText(COMPARISON, 'current').trimEnd().split('\n');
    for (const line of lines)
      assert.match(line, /^BenchmarkFlashSaleCo\/target=[a-z]+ 1 [\d.]+ [A-Za-z0-9-]+$/);
    assert.equal(lines.filter((line) => /target=kafka 1 .* endToEnd-p99-us$/.test(line)).length, 5);
  });
});
