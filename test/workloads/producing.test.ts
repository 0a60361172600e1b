import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../../src/clock/index.ts';
import {
  SendError,
  type Driver,
  type OutgoingMessage,
  type ProducerOptions,
} from '../../src/drivers/index.ts';
import { emptyIdentity, readIdentity, type Identity } from '../../src/load/index.ts';
import { IntervalCounter, PhaseRecord } from '../../src/measure/index.ts';
import { SequenceSet } from '../../src/measure/sequence-set.ts';
import type { TrialPlan } from '../../src/scenario/index.ts';
import { Producing } from '../../src/workloads/stream/producing.ts';
import { planOf } from '../run/fixtures/fake-engine.ts';
import { phase, scenarioOf } from '../run/fixtures/scenario.ts';

interface Send {
  readonly identity: Identity;
  acknowledge(): void;
  fail(outcome: SendError['outcome']): void;
}

/** Takes every message, and settles none but as the test says. */
class Outbox {
  readonly sends: Send[] = [];
  #onSend: (send: Send) => void;
  #throttle: ((reason: string | undefined) => void)[] = [];

  constructor(onSend: (send: Send) => void = () => undefined) {
    this.#onSend = onSend;
  }

  /** the part of a driver that producing needs */
  get driver(): Driver {
    const producer = {
      send: (message: OutgoingMessage) => this.#take(message),
      close: async () => undefined,
    };
    const openProducer = async (_topic: string, { onThrottled = () => undefined }: ProducerOptions) => {
      this.#throttle.push(onThrottled);
      return producer;
    };
    return { openProducer } as unknown as Driver;
  }

  /** Says to every producer that it is held back, or, without a reason, that it is not any more. */
  throttle(reason?: string): void {
    for (const each of this.#throttle) each(reason);
  }

  /** Resolves when so many messages have come in. */
  async filled(count: number): Promise<void> {
    if (this.sends.length >= count) return;
    await new Promise<void>((resolve) => {
      const before = this.#onSend;
      this.#onSend = (send) => {
        before(send);
        if (this.sends.length >= count) resolve();
      };
    });
  }

  #take({ payload }: OutgoingMessage): Promise<void> {
    const identity = emptyIdentity();
    assert.ok(readIdentity(payload, identity));
    return new Promise((resolve, reject) => {
      const send: Send = {
        identity,
        acknowledge: resolve,
        fail: (outcome) => reject(new SendError(outcome, outcome)),
      };
      this.sends.push(send);
      this.#onSend(send);
    });
  }
}

function planFor(
  perSecond: number,
  seconds: number,
  producers: { count?: number; window?: number } = {},
): TrialPlan {
  const base = scenarioOf();
  return planOf({
    scenario: {
      ...base,
      producers: { ...base.producers, ...producers },
      load: { arrivals: 'uniform', phases: [phase('steady', perSecond, seconds)] },
    },
  });
}

async function until(timeNs: number): Promise<void> {
  for (let leftNs = Infinity; (leftNs = timeNs - nowNs()) > 0;) await sleep(leftNs / 1e6);
}

interface Started {
  readonly producing: Producing;
  readonly record: PhaseRecord;
  readonly startNs: number;
  readonly idle: Promise<void>;
}

async function start(plan: TrialPlan, outbox: Outbox): Promise<Started> {
  const producing = await Producing.open({ plan: plan, driver: outbox.driver });
  const [record, startNs] = [new PhaseRecord(), nowNs()];
  const idle = producing.start(startNs, { phases: [record], intervals: new IntervalCounter(startNs, []) });
  return { producing, record, startNs, idle };
}

describe('producing', () => {
  it('sends every planned message once, none before its time, each under its identity', async () => {
    const early: number[] = [];
    const outbox = new Outbox((send) => {
      if (nowNs() < send.identity.plannedNs) early.push(send.identity.sequence);
      send.acknowledge();
    });
    const { producing, record, startNs, idle } = await start(planFor(1000, 0.1), outbox);
    await using _producing = producing;
    await idle;
    assert.deepEqual(early, []);
    assert.deepEqual(
      outbox.sends.map(({ identity }) => identity.sequence),
      Array.from({ length: 100 }, (_, sequence) => sequence),
    );
    for (const [index, { identity }] of outbox.sends.entries())
      assert.ok(Math.abs(identity.plannedNs - startNs - index * 1e6) < 1000, `#${index}`);
    assert.deepEqual(
      [record.attempted, record.acknowledged, producing.progress.acknowledged],
      [100, 100, 100],
    );
  });

  it('with several producers: sends the same messages, each key by one of them', async () => {
    const outbox = new Outbox((send) => send.acknowledge());
    const { producing, idle } = await start(planFor(2000, 0.1, { count: 3 }), outbox);
    await using _producing = producing;
    await idle;
    const writers = new Map<number, Set<number>>();
    for (const { identity } of outbox.sends)
      writers.set(identity.key, (writers.get(identity.key) ?? new Set()).add(identity.producer));
    assert.equal(outbox.sends.length, 200);
    assert.deepEqual(new Set([...writers.values()].map((each) => each.size)), new Set([1]));
  });

  it('given a full window: holds messages back, bills them from the plan, and skips none', async () => {
    const outbox = new Outbox();
    const { producing, record, idle } = await start(planFor(1000, 0.02, { window: 1 }), outbox);
    await using _producing = producing;
    // when the first of them is held up until all the others are due
    await outbox.filled(1);
    await until((outbox.sends[0]?.identity.plannedNs ?? 0) + 25e6);
    for (let sent = 1; sent <= 20; sent++) {
      await outbox.filled(sent);
      assert.equal(outbox.sends.length, sent);
      outbox.sends[sent - 1]?.acknowledge();
    }
    await idle;
    assert.equal(record.attempted, 20);
    // then the second was sent 24 ms late
    assert.ok((record.scheduleDebt.summary().maxUs ?? 0) >= 24_000);
    assert.ok(producing.windowFullNs >= 20e6, `${producing.windowFullNs}`);
    // and that was no lateness of the client's: 25 ms of it went by while the window was full
    const [owed, ours] = [record.scheduleDebt.summary().maxUs ?? 0, record.clientDebt.summary().maxUs ?? 0];
    assert.ok(ours <= owed - 20_000, `${ours} of ${owed}`);
  });

  it('given a client that was elsewhere: all of the lateness is its own', async () => {
    const outbox = new Outbox((send) => send.acknowledge());
    const { producing, record, idle } = await start(planFor(1000, 0.5), outbox);
    await using _producing = producing;
    const untilNs = nowNs() + 50e6;
    while (nowNs() < untilNs);
    await idle;
    const { scheduleDebt, clientDebt } = record;
    assert.ok((clientDebt.summary().maxUs ?? 0) >= 45_000);
    assert.equal(clientDebt.summary().maxUs, scheduleDebt.summary().maxUs);
  });

  it('given a window that stays full: tells so while it is', async () => {
    const outbox = new Outbox();
    const { producing, startNs } = await start(planFor(1000, 0.02, { window: 1 }), outbox);
    await using _producing = producing;
    await outbox.filled(1);
    await until(startNs + 60e6);
    assert.ok(producing.windowFullNs >= 20e6, `${producing.windowFullNs}`);
    producing.stop();
    outbox.sends[0]?.acknowledge();
  });

  it('given a broker that holds producers back: says for how long, and why', async () => {
    const outbox = new Outbox();
    const { producing, startNs, idle } = await start(planFor(100, 0.05), outbox);
    await using _producing = producing;
    assert.equal(producing.account().throttled, null);
    const fromNs = nowNs();
    outbox.throttle('low on memory');
    await until(startNs + 50e6);
    outbox.throttle();
    const mostSeconds = (nowNs() - fromNs) / 1e9;
    await outbox.filled(5);
    for (const send of outbox.sends) send.acknowledge();
    await idle;
    // when nothing is left to send, nobody is held back from anything
    outbox.throttle('low on disk');
    const { seconds, reason } = producing.account().throttled ?? { seconds: 0, reason: '' };
    assert.equal(reason, 'low on memory');
    assert.ok(seconds > 0 && seconds <= mostSeconds, `${seconds} of ${mostSeconds}`);
  });

  it('tells refused, failed and unknown outcomes apart', async () => {
    const outcomes = ['refused', 'failed', 'unknown'] as const;
    const outbox = new Outbox((send) => {
      const outcome = outcomes[send.identity.sequence];
      if (outcome === undefined) send.acknowledge();
      else send.fail(outcome);
    });
    const { producing, idle } = await start(planFor(1000, 0.005), outbox);
    await using _producing = producing;
    await idle;
    const [account] = producing.account().sends;
    assert.ok(account);
    const failed = new SequenceSet(account.failed);
    assert.deepEqual(
      [account.attempted, new SequenceSet(account.acknowledged).count, failed.count, account.refused],
      [5, 2, 2, 1],
    );
    assert.deepEqual([failed.has(0), failed.has(1), failed.has(2)], [true, true, false]);
  });
});

describe('producing that is stopped', () => {
  it('gives up what is not sent, and is done when what is under way has settled', async () => {
    const outbox = new Outbox();
    const { producing, idle } = await start(planFor(1000, 60), outbox);
    await using _producing = producing;
    await outbox.filled(3);
    producing.stop();
    const sent = outbox.sends.length;
    assert.equal(producing.account().unsent, 60_000 - sent);
    for (const send of outbox.sends) send.acknowledge();
    await idle;
    assert.equal(producing.progress.acknowledged, sent);
    assert.equal(outbox.sends.length, sent);
  });
});
