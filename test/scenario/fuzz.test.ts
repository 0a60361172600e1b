import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseScenario, parseWorkspace } from '../../src/scenario/index.ts';
import { InvalidDocument } from '../../src/yaml/index.ts';
import { VALID } from './fixtures/valid.ts';

/** Pieces that mean something in YAML or in a scenario. */
const PIECES = [
  ': ', ' - ', '[', ']', '{', '}', '"', "'", '&a ', '*a', '!t ', '<<: ', '|', '>', '#', '\n', '\n  ', '\t', '---\n',
  '...\n', '%YAML 1.1\n', '? ', '~', 'null', 'true', '.inf', '.nan', '0x10', '-1', '1e400', '5s', '1000/s', '1KiB', '30%',
  '${X}', '__proto__: ', 'constructor: ', 'rate: ', 'for: ', 'name: ', 'checks: ', 'hot', 'zipf', '\0', '\ud800', '\u2028',
]; // prettier-ignore

const mutated = fc
  .array(
    fc.tuple(
      fc.nat(VALID.length),
      fc.nat(12),
      fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5 })),
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((edits) =>
    edits.reduce((text, [at, removed, piece]) => text.slice(0, at) + piece + text.slice(at + removed), VALID),
  );

const assembled = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.constantFrom(...VALID.split(/(?<=\n)/))), { maxLength: 30 })
  .map((pieces) => pieces.join(''));

const texts = fc.oneof(fc.string({ unit: 'binary' }), mutated, assembled);

/** Every problem is in the file, and says something. */
function assertTold(error: unknown, text: string): void {
  assert.ok(error instanceof InvalidDocument, error instanceof Error ? error.stack : String(error));
  const lines = text.split(/\r\n|\r|\n/).length;
  assert.ok(error.problems.length > 0);
  for (const { line, column, message, code } of error.problems) {
    assert.ok(line === undefined || (line >= 1 && line <= lines), `line ${line} of ${lines}`);
    assert.ok(column === undefined || column >= 1);
    assert.ok(message !== '' && /^[a-z]+\.[a-z-]+$/.test(code), code);
  }
  assert.ok(error.message.split('\n').every((line) => line.startsWith('s.yaml:')));
}

describe('whatever the text,', () => {
  it('parseScenario reads it or throws an InvalidDocument with places in the file', () => {
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseScenario(text, 's.yaml');
        } catch (error) {
          assertTold(error, text);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('parseWorkspace does, too', () => {
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseWorkspace(text, 's.yaml', { environment: {}, builtInTargets: [] });
        } catch (error) {
          assertTold(error, text);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('the same text gives the same scenario', () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const outcome = (): unknown => {
          try {
            return parseScenario(text, 's.yaml');
          } catch (error) {
            return String(error);
          }
        };
        assert.deepEqual(outcome(), outcome());
      }),
    );
  });
});
