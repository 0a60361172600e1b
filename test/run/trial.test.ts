import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryBroker } from '../../src/brokers/index.ts';
import { MemoryDriver } from '../../src/drivers/memory/index.ts';
import { NO_FAULTS } from '../../src/run/faults.ts';
import { toPlainError, type Order, type Report } from '../../src/run/protocol.ts';
import { runTrial, type TrialProgress, type TrialRecord } from '../../src/run/trial.ts';
import type { Target } from '../../src/scenario/index.ts';
import { emptyReport, FakeEngine, planOf, type FakeAgent } from './fixtures/fake-engine.ts';
import { memoryTarget, scenarioOf } from './fixtures/scenario.ts';

type Answers = Partial<Record<Order['type'] | 'open', (agent: FakeAgent) => Report | undefined>>;

const NO_PROGRESS = { acknowledged: 0, arrived: undefined, lastArrivalNs: 0, owed: 0 };

/** Agents that do what is asked, and nothing else. */
const WILLING: Answers = {
  open: () => ({ type: 'ready' }),
  start: () => ({ type: 'sent', progress: NO_PROGRESS }),
  finish: ({ assignment }) => ({ type: 'done', report: emptyReport(assignment.agent) }),
};

interface Rehearsal {
  readonly outcome: TrialRecord | Error;
  readonly engine: FakeEngine;
  readonly topicsLeft: readonly string[];
  /** topics that existed when the follower was told that all is measured */
  readonly topicsBefore: readonly string[];
  readonly timersLeft: number;
  /** that the follower was told of */
  readonly stages: ReadonlySet<TrialProgress['stage']>;
}

function connect(config: Target['config']): Promise<MemoryDriver> {
  return MemoryDriver.connect(
    config as Parameters<typeof MemoryDriver.connect>[0],
    new AbortController().signal,
  );
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

/** Runs a trial on a real broker with agents that only pretend. */
async function rehearse(answers: Answers, signal = new AbortController().signal): Promise<Rehearsal> {
  await using broker = await MemoryBroker.start();
  const target = memoryTarget('memory', broker.port);
  await using witness = await connect(target.config);
  const engine = new FakeEngine((agent, order) => answers[order]?.(agent));
  const scenario = scenarioOf({ drain: { timeoutSeconds: 0.2, quietSeconds: 0 } });
  const plan = planOf({ scenario });
  const topicsBefore: string[] = [];
  const stages = new Set<TrialProgress['stage']>();
  const follower = {
    progress: ({ stage }: TrialProgress) => {
      stages.add(stage);
      return undefined;
    },
    beforeCleanup: async (topic: string) => {
      await witness.backlog({ topic, name: 'main' });
      topicsBefore.push(topic);
    },
  };
  const timersBefore = timers();
  const outcome = await runTrial(plan, target, engine, follower, NO_FAULTS, signal).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  const timersLeft = timers() - timersBefore;
  const topicsLeft = await witness.deleteLeftovers('mqbench.');
  return { outcome, engine, topicsBefore, topicsLeft, timersLeft, stages };
}

function assertTidy({ engine, topicsLeft, timersLeft }: Rehearsal): void {
  assert.deepEqual(topicsLeft, []);
  assert.equal(timersLeft, 0);
  for (const agent of engine.agents) assert.equal(agent.disposed, 1, agent.assignment.agent);
}

describe('a trial', () => {
  it('orders a start, and after the drain a finish; its topic exists until all is measured', async () => {
    const rehearsal = await rehearse(WILLING);
    const { outcome, engine, topicsBefore } = rehearsal;
    if (outcome instanceof Error) throw outcome;
    for (const agent of engine.agents) assert.deepEqual(agent.orders, ['start', 'finish']);
    assert.deepEqual(
      outcome.reports.map((report) => report.health.agent),
      ['consumers of main', 'producers'],
    );
    assert.equal(outcome.interrupted, false);
    assert.equal(outcome.drained.complete, true);
    assert.deepEqual(topicsBefore, [outcome.plan.topic]);
    assert.ok(!rehearsal.stages.has('replay'), 'a stream has no log to be read again');
    assertTidy(rehearsal);
  });

  for (const when of ['open', 'start', 'finish'] as const) {
    it(`given an agent that fails when asked to ${when}: fails with its words, and leaves nothing behind`, async () => {
      const rehearsal = await rehearse({
        ...WILLING,
        [when]: () => ({ type: 'failed', error: toPlainError(new Error('out of memory')) }),
      });
      assert.ok(rehearsal.outcome instanceof Error);
      assert.equal(rehearsal.outcome.message, 'out of memory');
      assertTidy(rehearsal);
    });
  }

  it('given sends that never settle: gives them up after the load and the time-out of the drain', async () => {
    const rehearsal = await rehearse({
      ...WILLING,
      start: () => undefined,
      stop: WILLING.start ?? (() => undefined),
    });
    if (rehearsal.outcome instanceof Error) throw rehearsal.outcome;
    for (const agent of rehearsal.engine.agents) assert.deepEqual(agent.orders, ['start', 'stop', 'finish']);
    assert.equal(rehearsal.outcome.interrupted, false);
    assertTidy(rehearsal);
  });
});

it('given a send that is stored while its producer closes, then the broker is asked after that, and holds it', async () => {
  const sendLast = async (agent: FakeAgent): Promise<void> => {
    const { plan, target } = agent.assignment;
    await using driver = await connect(target.config);
    const { contract, producers } = plan.scenario;
    const producer = await driver.openProducer(plan.topic, { contract, batching: producers.batching });
    await producer.send({ key: 'late', payload: Buffer.from('late') });
    await producer.close();
    agent.say({ type: 'done', report: emptyReport(agent.assignment.agent) });
  };
  const { outcome } = await rehearse({
    ...WILLING,
    finish: (agent) => {
      if (agent.assignment.role.kind !== 'producers') return WILLING.finish?.(agent);
      sendLast(agent).catch((error: unknown) =>
        agent.say({ type: 'failed', error: toPlainError(error as Error) }),
      );
      return undefined;
    },
  });
  if (outcome instanceof Error) throw outcome;
  assert.equal(outcome.backlogs.get('main'), 1);
});

describe('a trial that is interrupted', () => {
  it('before its agents are ready: ends at once, and starts nothing', async () => {
    const interruption = new AbortController();
    const rehearsal = await rehearse(
      {
        open: () => {
          interruption.abort(new Error('Ctrl-C'));
          return undefined;
        },
      },
      interruption.signal,
    );
    assert.ok(rehearsal.outcome instanceof Error);
    assert.equal(rehearsal.outcome.message, 'Ctrl-C');
    for (const agent of rehearsal.engine.agents) assert.deepEqual(agent.orders, []);
    assertTidy(rehearsal);
  });

  it('during its load: stops it, and still returns what was measured', async () => {
    const interruption = new AbortController();
    const rehearsal = await rehearse(
      {
        ...WILLING,
        start: () => {
          interruption.abort();
          return undefined;
        },
        stop: WILLING.start ?? (() => undefined),
      },
      interruption.signal,
    );
    if (rehearsal.outcome instanceof Error) throw rehearsal.outcome;
    assert.equal(rehearsal.outcome.interrupted, true);
    assert.equal(rehearsal.outcome.reports.length, 2);
    for (const agent of rehearsal.engine.agents) assert.deepEqual(agent.orders, ['start', 'stop', 'finish']);
    assertTidy(rehearsal);
  });
});
