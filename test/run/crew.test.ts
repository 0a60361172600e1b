import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Interval } from '../../src/measure/index.ts';
import { Crew } from '../../src/run/crew.ts';
import { toPlainError } from '../../src/run/protocol.ts';
import { UserError } from '../../src/user-error.ts';
import type { PartProgress } from '../../src/workloads/index.ts';
import { assignmentsOf, emptyReport, FakeEngine, type FakeAgent } from './fixtures/fake-engine.ts';

interface Ensemble {
  readonly crew: Crew;
  readonly consumers: readonly FakeAgent[];
  readonly producers: FakeAgent;
  readonly intervals: Interval[];
}

function crewOf(...subscriptions: readonly string[]): Ensemble {
  const engine = new FakeEngine();
  const intervals: Interval[] = [];
  const crew = new Crew(engine, assignmentsOf(...subscriptions), (more) => intervals.push(...more));
  const consumers = [...engine.agents];
  const producers = consumers.pop();
  if (producers === undefined) throw new Error('no producers');
  return { crew, consumers, producers, intervals };
}

/** Whether the promise is settled by now, and nothing but microtasks need run for it. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  const first = await Promise.race([promise, new Promise((resolve) => setImmediate(resolve, pending))]);
  return first !== pending;
}

function progress(changes: Partial<PartProgress>): PartProgress {
  return { acknowledged: 0, arrived: undefined, lastArrivalNs: 0, owed: 0, ...changes };
}

function interval(second: number): Interval {
  const none = { attempted: 0, acknowledged: 0, notAcknowledged: 0, delivered: 0 };
  return { second, phase: 0, ...none, endToEnd: { histogram: null, refused: 0 } };
}

describe('a crew', () => {
  it('is ready when each of its agents is', async () => {
    const { crew, consumers, producers } = crewOf('one', 'two');
    const ready = crew.ready();
    for (const agent of consumers) agent.say({ type: 'ready' });
    assert.equal(await isSettled(ready), false);
    producers.say({ type: 'ready' });
    await ready;
  });

  it('has sent all when nobody has anything left to send', async () => {
    const { crew, consumers, producers } = crewOf('one');
    producers.say({ type: 'sent', progress: progress({ acknowledged: 9 }) });
    const sent = crew.sent();
    assert.equal(await isSettled(sent), false);
    consumers[0]?.say({ type: 'sent', progress: progress({ arrived: 0 }) });
    await sent;
    assert.equal(crew.acknowledged, 9);
  });

  it('knows how far it is: the latest word of each agent, by subscription', () => {
    const { crew, consumers, producers } = crewOf('one', 'two');
    assert.deepEqual([crew.acknowledged, crew.arrived, crew.lastArrivalNs], [0, [0, 0], 0]);
    const [one, two] = consumers;
    producers.say({ type: 'interval', intervals: [], progress: progress({ acknowledged: 5 }) });
    producers.say({ type: 'interval', intervals: [], progress: progress({ acknowledged: 8 }) });
    one?.say({ type: 'interval', intervals: [], progress: progress({ arrived: 3, lastArrivalNs: 70 }) });
    two?.say({ type: 'interval', intervals: [], progress: progress({ arrived: 7, lastArrivalNs: 60 }) });
    assert.deepEqual([crew.acknowledged, crew.arrived, crew.lastArrivalNs], [8, [3, 7], 70]);
  });

  it('orders all of its agents, and gathers their reports in the order of the assignments', async () => {
    const { crew, consumers, producers, intervals } = crewOf('one');
    crew.order({ type: 'start', startNs: 1 });
    const finished = crew.finish();
    producers.say({ type: 'interval', intervals: [interval(0)], progress: progress({}) });
    producers.say({ type: 'done', report: { ...emptyReport('producers'), intervals: [interval(1)] } });
    assert.equal(await isSettled(finished), false);
    consumers[0]?.say({ type: 'done', report: emptyReport('consumers of one') });
    assert.deepEqual(
      (await finished).map((report) => report.health.agent),
      ['consumers of one', 'producers'],
    );
    for (const agent of [...consumers, producers]) assert.deepEqual(agent.orders, ['start', 'finish']);
    // and no interval is missing, the last ones included
    assert.deepEqual(
      intervals.map(({ second }) => second),
      [0, 1],
    );
  });

  it('when one agent fails: fails as a whole with what that agent said, whatever is awaited', async () => {
    const { crew, consumers, producers } = crewOf('one');
    for (const agent of [...consumers, producers]) agent.say({ type: 'ready' });
    await crew.ready();
    const sent = crew.sent();
    const error = new UserError('connection refused', {
      code: 'driver.unreachable',
      exitCode: 3,
      hint: 'start it',
    });
    consumers[0]?.say({ type: 'failed', error: structuredClone(toPlainError(error)) });
    consumers[0]?.say({ type: 'failed', error: toPlainError(new Error('ended with code 1')) });
    for (const promise of [sent, crew.finish()]) {
      await assert.rejects(promise, (found) => {
        assert.ok(found instanceof UserError);
        const { message, code, exitCode, hint } = found;
        assert.deepEqual(
          { message, code, exitCode, hint },
          { message: 'connection refused', code: 'driver.unreachable', exitCode: 3, hint: 'start it' },
        );
        return true;
      });
    }
  });

  it('given a bug in an agent: keeps the stack of the agent', async () => {
    const { crew, producers } = crewOf('one');
    const bug = new TypeError('undefined is not a function');
    producers.say({ type: 'failed', error: structuredClone(toPlainError(bug)) });
    await assert.rejects(crew.ready(), { message: bug.message, stack: bug.stack });
  });

  it('when disposed: ends each agent', async () => {
    const { crew, consumers, producers } = crewOf('one', 'two');
    await crew[Symbol.asyncDispose]();
    assert.deepEqual(
      [...consumers, producers].map((agent) => agent.disposed),
      [1, 1, 1],
    );
  });
});
