import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../../src/clock/index.ts';
import type { Consumer } from '../../src/drivers/index.ts';
import type { Scenario } from '../../src/scenario/index.ts';
import { ConsumerChanges } from '../../src/workloads/stream/consumer-changes.ts';
import { phase, scenarioOf } from '../run/fixtures/scenario.ts';

type Change = Scenario['consumers']['changes'][number];

/** Consumers that write down what is asked of them. */
class Log {
  readonly lines: string[] = [];
  #opened = 0;

  consumer(): Consumer {
    const name = `#${++this.#opened}`;
    const note = (what: string) => async (): Promise<void> => {
      // each takes its time, so that the next change has to wait
      await sleep(5);
      this.lines.push(`${name} ${what}`);
    };
    return { pause: note('pause'), resume: note('resume'), close: note('close') };
  }
}

async function follow(
  changes: readonly Omit<Change, 'subscription'>[],
  of?: string,
): Promise<readonly string[]> {
  const scenario = scenarioOf({
    load: { arrivals: 'uniform', phases: [phase('only', 10, 0.1)] },
    consumers: {
      ...scenarioOf().consumers,
      changes: changes.map((change) => ({ ...change, subscription: of })),
    },
  });
  const log = new Log();
  const fail = (error: Error): never => assert.fail(error);
  const made = new ConsumerChanges(
    scenario,
    'main',
    [log.consumer(), log.consumer()],
    async () => log.consumer(),
    fail,
  );
  made.schedule(nowNs());
  await sleep(180);
  await made.end();
  return log.lines;
}

describe('changes of consumers', () => {
  it('are made at their times, one after the other', async () => {
    const lines = await follow([
      { atSeconds: 0.02, change: 'leave' },
      { atSeconds: 0.02, change: 'pause' },
      { atSeconds: 0.03, change: 'join' },
      { atSeconds: 0.04, change: 'resume' },
    ]);
    assert.deepEqual(lines, ['#2 close', '#1 pause', '#3 pause', '#1 resume', '#3 resume']);
  });

  it('let go on in the end who would rest for ever, for the drain', async () => {
    const lines = await follow([{ atSeconds: 0.02, change: 'pause' }]);
    assert.deepEqual(lines, ['#1 pause', '#2 pause', '#1 resume', '#2 resume']);
  });

  it('of another subscription are not made', async () => {
    assert.deepEqual(await follow([{ atSeconds: 0.02, change: 'pause' }], 'audit'), []);
  });
});
