import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decide, decisionPage } from '../../src/decision/index.ts';
import { readCampaigns } from '../../src/result/index.ts';

const README = new URL('../../README.md', import.meta.url);
const REFERENCE = fileURLToPath(new URL('../../results/reference', import.meta.url));

test('what the README says that a decision prints is what it prints', async () => {
  const readme = await readFile(README, 'utf8');
  const [, section = ''] = /^## A decision\n([\s\S]*?)^## /m.exec(readme) ?? [];
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(section) ?? [];
  const page = decisionPage(
    await decide('decision.yaml', {
      decision: async () => yaml,
      prices: async () => assert.fail('it tells no costs'),
      results: () => readCampaigns([REFERENCE]),
    }),
    '2026-11-26',
  );
  const quoted = section.split('\n').flatMap((line) => /^> (\S.*)$/.exec(line)?.[1] ?? []);
  assert.ok(quoted.length > 5);
  const printed = page.split('\n');
  for (const line of quoted) assert.ok(printed.includes(line), `the README has: ${line}`);
});
