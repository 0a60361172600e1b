import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { SCENARIOS_PAGE, scenariosPage } from '../../scripts/write-docs.ts';

describe('docs/scenarios.md', () => {
  it('is what the files say now (npm run docs)', async () => {
    assert.equal(await readFile(SCENARIOS_PAGE, 'utf8'), await scenariosPage());
  });
});
