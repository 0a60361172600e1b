import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseScenarios } from '../../src/scenario/index.ts';
import { InvalidDocument } from '../../src/yaml/index.ts';

const SHARED = `title: Sizes
question: What does size cost?
workload: stream
contract: leader-acked
messages: { size: 1KiB, keys: { count: 10 } }
load: { phases: [{ name: steady, rate: 10/s, for: 1s }] }
`;

function refusal(text: string): string[] {
  try {
    parseScenarios(text, 'sizes.yaml');
  } catch (error) {
    if (error instanceof InvalidDocument) return error.message.split('\n');
    throw error;
  }
  throw new Error('the text was accepted');
}

describe('variants', () => {
  it('are scenarios of their own, with what each says in place of what all share', () => {
    const { name, title, variants, scenarios } = parseScenarios(
      `${SHARED}variants:
  small: {}
  large: { title: Large ones, messages: { size: 1MiB }, load: { phases: [{ name: slow, rate: 1/s, for: 5s }] } }
`,
      'sizes.yaml',
    );
    assert.deepEqual([name, title, variants], ['sizes', 'Sizes', ['small', 'large']]);
    assert.deepEqual(
      scenarios.map((each) => [
        each.name,
        each.title,
        each.messages.sizeBytes,
        each.messages.keys.count,
        each.load.phases.map((phase) => phase.name),
      ]),
      [
        ['sizes-small', 'Sizes', 1024, 10, ['steady']],
        ['sizes-large', 'Large ones', 1_048_576, 10, ['slow']],
      ],
    );
  });

  it('may say what is missing above them', () => {
    const text = `${SHARED.replace('contract: leader-acked\n', '')}variants:
  some: { contract: leader-acked }
  all: { contract: fsynced-acked }
`;
    const { scenarios } = parseScenarios(text, 'sizes.yaml');
    assert.deepEqual(
      scenarios.map(({ contract }) => contract),
      ['leader-acked', 'fsynced-acked'],
    );
  });

  it('are refused at the place where the value that counts is written, and what they share is told once', () => {
    const text = `${SHARED.replace('10/s', '10')}variants:
  small: {}
  large: { messages: { size: 1 } }
  odd: { consumers: { cuont: 2 }, checks: [endToEnd.p99 <= 1ms in stedy] }
`;
    assert.deepEqual(refusal(text), [
      'sizes.yaml:6:40: load.phases[0].rate: "10" has no unit; use /s, /min or /h, as in 1000/s',
      'sizes.yaml:9:30: variants.large.messages.size: "1" has no unit; use B, KB, MB (decimal), KiB or MiB (binary), as in 1KiB',
      'sizes.yaml:10:23: unknown key "cuont" in variants.odd.consumers (allowed: count, window, work, of, changes); did you mean "count"?',
      'sizes.yaml:10:67: variants.odd.checks[0]: unknown phase "stedy"; the phases are steady; did you mean "steady"?',
    ]);
  });

  for (const [what, variants, message] of [
    ['a list', '[small]', 'sizes.yaml:7:11: variants: must be a mapping of names to what is different'],
    ['empty', '{}', 'sizes.yaml:7:11: variants: has no variant; leave it out'],
    [
      'named as nothing on a broker may be',
      '{ Small One: {} }',
      'sizes.yaml:7:13: variants: "Small One" is no name; use a-z, 0-9 and dashes, at most 40 characters',
    ],
    ['no mappings', '{ a: 5 }', 'sizes.yaml:7:16: variants.a: must be a mapping of what is different'],
    [
      'variants of variants',
      '{ a: { variants: { b: {} } } }',
      'sizes.yaml:7:28: variants.a.variants: a variant has no "variants" of its own; it is named after the scenario and itself',
    ],
    [
      'too long for a name',
      '{ a-name-of-exactly-thirty-five-chars: {} }',
      'sizes.yaml:7:13: "sizes-a-name-of-exactly-thirty-five-chars" is longer than 40 characters; shorten the name of the variant',
    ],
  ] as const) {
    it(`are refused for being ${what}`, () => {
      assert.deepEqual(refusal(`${SHARED}variants: ${variants}\n`), [message]);
    });
  }
});
