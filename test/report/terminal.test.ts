import { test } from 'node:test';
import { terminalReport } from '../../src/report/index.ts';
import { assertGolden } from '../golden/golden.ts';
import { CUT_OFF, EVENTFUL, INTERRUPTED, PRICED, QUIET, RUSH } from './fixtures/campaigns.ts';

for (const [name, result] of Object.entries({ QUIET, EVENTFUL, CUT_OFF, INTERRUPTED, PRICED, RUSH })) {
  const file = `terminal-${name.toLowerCase().replace('_', '-')}.txt`;
  test(`the terminal shows ${file}`, async () => {
    await assertGolden(file, terminalReport(result));
  });
}
