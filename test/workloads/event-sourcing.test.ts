import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TrialResult } from '../../src/result/index.ts';
import { parseCheck, type Scenario } from '../../src/scenario/index.ts';
import { trialOnMemory } from '../run/fixtures/on-memory.ts';
import { phase, scenarioOf } from '../run/fixtures/scenario.ts';

type EventSourcing = NonNullable<TrialResult['eventSourcing']>;

const CHECKS = ['replay.differing == 0', 'replay.missing == 0', 'projectionLag.p50 <= 10s'];

/** 500 events of 25 orders in half a second, after a warm-up of 100. */
async function run(faults: object = {}, changes: Partial<Scenario> = {}): Promise<TrialResult> {
  const scenario = scenarioOf({
    workload: 'event-sourcing',
    messages: { sizeBytes: 100, keys: { distribution: 'uniform', count: 25 } },
    load: {
      arrivals: 'uniform',
      phases: [{ ...phase('warm-up', 1000, 0.1), warmup: true }, phase('shop', 1000, 0.5)],
    },
    drain: { timeoutSeconds: 8, quietSeconds: 0.3 },
    checks: CHECKS.map((text) => parseCheck(text)),
    ...changes,
  });
  return trialOnMemory(scenario, faults);
}

function eventSourcingOf({ eventSourcing }: TrialResult): EventSourcing {
  assert.ok(eventSourcing !== null);
  return eventSourcing;
}

function replayOf(trial: TrialResult): NonNullable<EventSourcing['replay']> {
  const { replay } = eventSourcingOf(trial);
  assert.ok(replay !== null);
  return replay;
}

describe('event sourcing', () => {
  it('given a broker that does what it promises, the log comes to the state of the projection', async () => {
    const trial = await run();
    const { projection } = eventSourcingOf(trial);
    const { aggregates, differing, events, missing, extra, repeated, skipped, eventsPerSecond } =
      replayOf(trial);
    assert.deepEqual(
      { differing, missing, extra, repeated, skipped },
      { differing: 0, missing: 0, extra: 0, repeated: 0, skipped: 0 },
    );
    assert.deepEqual([aggregates, events, projection.applied], [25, 600, 600]);
    assert.ok((eventsPerSecond ?? 0) > 0);
    // of the measured phase only
    assert.equal(projection.lag.count, 500);
    assert.deepEqual(
      trial.checks.map(({ passed }) => passed),
      [true, true, true],
    );
    assert.notEqual(trial.verdict, 'incorrect');
  });

  it('given a delay in the broker, the lag of the projection has it', async () => {
    const { lag } = eventSourcingOf(await run({ delayMs: 400 })).projection;
    // half of it: a busy machine hears of an acknowledgement late
    assert.ok((lag.p50Us ?? 0) > 200_000, `${lag.p50Us}`);
  });

  it('given work on each event, the read model has it when the work is over', async () => {
    const consumers = { count: 1, window: 1000, workMs: 400, of: {}, changes: [] };
    const { lag } = eventSourcingOf(await run({}, { consumers })).projection;
    // half of it: a busy machine hears of an acknowledgement late
    assert.ok((lag.p50Us ?? 0) > 200_000, `${lag.p50Us}`);
  });

  it('given events that come twice, neither state has them twice', async () => {
    const trial = await run({ duplicates: 0.1 });
    const { projection } = eventSourcingOf(trial);
    assert.ok(projection.dropped > 20, `${projection.dropped}`);
    assert.equal(replayOf(trial).differing, 0);
  });

  it('given a broker that swaps events, the projection differs from the log, and it is incorrect', async () => {
    const trial = await run({ reorder: 0.05 });
    const { differing, examples, missing } = replayOf(trial);
    assert.ok(differing > 5, `${differing}`);
    assert.match(examples[0] ?? '', /^key \d+: projection version \d+ of \d+ events/);
    assert.equal(missing, 0);
    assert.equal(trial.verdict, 'incorrect');
    assert.ok(
      trial.warnings.some((line) => /aggregates differ between the projection and the log/.test(line)),
    );
    assert.equal(trial.checks[0]?.passed, false);
  });

  it('given a broker that loses what it acknowledged, it is missing from the log, and it is incorrect', async () => {
    const trial = await run({ loss: 0.05 });
    const { missing, skipped, differing } = replayOf(trial);
    assert.ok(missing > 10, `${missing}`);
    assert.equal(missing, trial.ledger.lost);
    assert.ok(skipped > 0);
    // neither of the two has it
    assert.equal(differing, 0);
    assert.equal(trial.verdict, 'incorrect');
    assert.ok(trial.warnings.includes(`${missing} acknowledged, and not in the log`));
    assert.equal(trial.checks[1]?.passed, false);
  });
});
