import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { fillRegions, readRegions, sumOf } from '../../src/adr/regions.ts';

const KNOWN = ['matrix', 'evidence'];
const EMPTY = `before
<!-- mqbench:begin matrix -->
<!-- mqbench:end matrix -->
after
`;

test('a region is filled between its markers, and nothing else is touched', () => {
  const filled = fillRegions(EMPTY, { matrix: ['| a |', '|---|'] }, 'c0ffee');
  assert.equal(
    filled,
    `before
<!-- mqbench:begin matrix inputs=c0ffee -->

| a |
|---|

<!-- mqbench:end matrix sum=${sumOf('| a |\n|---|')} -->
after
`,
  );
  assert.equal(fillRegions(filled, { matrix: ['| a |', '|---|'] }, 'c0ffee'), filled);
  const [region] = readRegions(filled, 'x.md', KNOWN);
  assert.deepEqual(region, {
    name: 'matrix',
    inputs: 'c0ffee',
    sum: sumOf(region?.content ?? ''),
    content: '| a |\n|---|',
    line: 2,
  });
});

test('line breaks of Windows, and empty lines around it, are no part of the content', () => {
  assert.equal(sumOf('| a |\r\n|---|\r\n'), sumOf('\n| a |\n|---|'));
  assert.notEqual(sumOf('| a |'), sumOf('| b |'));
});

/** What is wrong with the markers, and how that is told. */
const WRONG: readonly (readonly [what: string, text: string, said: RegExp])[] = [
  ['unclosed', '\n<!-- mqbench:begin matrix -->\n', /^x\.md:2: matrix is never ended$/],
  ['never begun', '<!-- mqbench:end matrix -->\n', /^x\.md:1: matrix ends and has not begun$/],
  [
    'nested',
    '<!-- mqbench:begin matrix -->\n<!-- mqbench:begin evidence -->\n',
    /^x\.md:2: evidence begins within matrix, which began in line 1$/,
  ],
  ['doubled', `${EMPTY}${EMPTY}`, /^x\.md:6: matrix is there already, in line 2$/],
  [
    'unknown',
    '<!-- mqbench:begin metrics -->\n',
    /^x\.md:1: there is no region metrics \(allowed: matrix, evidence\)$/,
  ],
  ['misspelt', '<!-- mqbench:start matrix -->\n', /^x\.md:1: <!-- mqbench:start matrix --> is no marker$/],
];

describe('markers that are wrong are told with their line', () => {
  for (const [what, text, said] of WRONG) {
    it(what, () => {
      assert.throws(() => readRegions(text, 'x.md', KNOWN), {
        name: 'UserError',
        exitCode: 2,
        message: said,
      });
    });
  }
});
