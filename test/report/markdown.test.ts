import { test } from 'node:test';
import { markdownReport } from '../../src/report/index.ts';
import { assertGolden } from '../golden/golden.ts';
import { CUT_OFF, EVENTFUL, INTERRUPTED, PRICED, QUIET, RUSH } from './fixtures/campaigns.ts';

for (const [name, result] of Object.entries({ QUIET, EVENTFUL, CUT_OFF, INTERRUPTED, PRICED, RUSH })) {
  const file = `report-${name.toLowerCase().replace('_', '-')}.md`;
  test(`report.md is ${file}`, async () => {
    await assertGolden(file, markdownReport(result));
  });
}
