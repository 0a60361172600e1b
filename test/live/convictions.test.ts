import { test } from 'node:test';
import { runningBrokers } from '../../src/brokers/index.ts';
import { resolveTargets } from '../../src/targets/index.ts';
import { sabotagedRun } from '../convictions/fixtures/sabotaged-run.ts';
import { assertAcquitted, assertConvicted, SUSPICIONS } from '../convictions/fixtures/suspicions.ts';
import { isTested } from './fixtures/running.ts';

/** The drivers of test/convictions, over a real broker. */
const BROKER = 'redis';

for (const suspicion of SUSPICIONS) {
  const { title, does, scenario, flags } = suspicion;
  for (const [sabotage, outcome] of [
    [does, 'convicted'],
    ['nothing', 'acquitted without it'],
  ] as const) {
    test(`given a driver of ${BROKER} that ${title}, when ${scenario} is run, then it is ${outcome}`, async (t) => {
      if (!(await isTested(t, BROKER))) return;
      const sources = { configured: [], configure: () => [], running: await runningBrokers() };
      const [target] = resolveTargets([BROKER], sources);
      if (target === undefined) throw new Error(`no target ${BROKER}`);
      const run = await sabotagedRun({ scenario, flags, does: sabotage, target });
      const { exitCode, deeds, trial } = run;
      t.diagnostic(JSON.stringify({ exitCode, deeds, verdict: trial.verdict, warnings: trial.warnings }));
      if (sabotage === 'nothing') assertAcquitted(suspicion, run);
      else assertConvicted(suspicion, run);
    });
  }
}
