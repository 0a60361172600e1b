import { describe, it } from 'node:test';
import { MemoryBroker } from '../../src/brokers/index.ts';
import type { Sabotage } from './fixtures/sabotage.ts';
import { sabotagedRun, type SuspectRun } from './fixtures/sabotaged-run.ts';
import { assertAcquitted, assertConvicted, SUSPICIONS, type Suspicion } from './fixtures/suspicions.ts';

async function runOnMemory({ scenario, flags }: Suspicion, does: Sabotage): Promise<SuspectRun> {
  await using broker = await MemoryBroker.start();
  const target = { driver: 'memory', config: { port: broker.port } };
  return await sabotagedRun({ scenario, flags, does, target });
}

for (const suspicion of SUSPICIONS) {
  const { title, does, scenario } = suspicion;
  describe(`given a driver that ${title}, when ${scenario} is run`, { concurrency: 2 }, () => {
    it('then it is convicted of just that, as often as it did it, with exit code 1', async (t) => {
      const run = await runOnMemory(suspicion, does);
      t.diagnostic(JSON.stringify({ deeds: run.deeds, warnings: run.trial.warnings }));
      assertConvicted(suspicion, run);
    });

    it('then the same driver without it is acquitted', async (t) => {
      const run = await runOnMemory(suspicion, 'nothing');
      t.diagnostic(JSON.stringify({ verdict: run.trial.verdict, warnings: run.trial.warnings }));
      assertAcquitted(suspicion, run);
    });
  });
}
