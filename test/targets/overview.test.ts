import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { DRIVERS_PAGE, driversPage } from '../../scripts/write-docs.ts';
import { BUILT_IN_TARGETS, targetOverviews } from '../../src/targets/index.ts';

describe('docs/drivers.md', () => {
  it('is fresh (or run: npm run docs)', async () => {
    assert.equal(await readFile(DRIVERS_PAGE, 'utf8'), driversPage());
  });
});

describe('the overview of the targets', () => {
  it('has each of them, with an answer to each contract', () => {
    const overviews = targetOverviews();
    assert.deepEqual(
      overviews.map(({ target }) => target),
      BUILT_IN_TARGETS.map(({ name }) => name),
    );
  });

  it('tells what one node refuses and three can', () => {
    const kafka = targetOverviews().find(({ target }) => target === 'kafka');
    assert.deepEqual(kafka?.contracts['replicated-acked'], {
      one: { refused: 'it needs 3 brokers, the cluster has 1' },
      three: { effective: 'replicated-acked' },
    });
  });
});
