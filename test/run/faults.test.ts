import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../../src/clock/index.ts';
import { FaultSchedule } from '../../src/run/faults.ts';
import type { Fault } from '../../src/scenario/index.ts';

function fault(kind: 'pause' | 'kill', atSeconds: number, forSeconds: number): Fault {
  return { kind, atSeconds, forSeconds };
}

/** Writes down what begins and ends, each of which takes its time. */
function scene(takesMs = 5) {
  const lines: string[] = [];
  const begin = async ({ kind }: Fault) => {
    await sleep(takesMs);
    lines.push(`${kind} begins`);
    return async () => {
      await sleep(takesMs);
      lines.push(`${kind} ends`);
    };
  };
  return { lines, begin };
}

describe('a schedule of faults', () => {
  it('has each begin and end at its time, and tells when that was done', async () => {
    const { lines, begin } = scene();
    await using schedule = new FaultSchedule(
      [fault('pause', 0.02, 0.03), fault('kill', 0.08, 0.02)],
      nowNs(),
      begin,
    );
    await sleep(160);
    assert.deepEqual(lines, ['pause begins', 'pause ends', 'kill begins', 'kill ends']);
    const [pause, kill] = schedule.times;
    // a timer of Node may come a millisecond early
    assert.ok(pause !== undefined && pause.fromSeconds >= 0.018 && (pause.toSeconds ?? 0) >= 0.05);
    assert.equal(kill?.kind, 'kill');
  });

  it('says of a slow network how slow it was, and of no other fault', async () => {
    const { lines, begin } = scene(0);
    const slow: Fault = { kind: 'slow', atSeconds: 0, forSeconds: 0.01, latencyMs: 100, jitterMs: 20 };
    const cut: Fault = { kind: 'cut', atSeconds: 0.02, forSeconds: 0.01 };
    await using schedule = new FaultSchedule([slow, cut], nowNs(), begin);
    await sleep(80);
    assert.deepEqual(lines, ['slow begins', 'slow ends', 'cut begins', 'cut ends']);
    assert.deepEqual(
      schedule.times.map(({ kind, delay }) => ({ kind, delay })),
      [
        { kind: 'slow', delay: { latencyMs: 100, jitterMs: 20 } },
        { kind: 'cut', delay: null },
      ],
    );
  });

  it('that is over before its time ends what is under way, and begins nothing more', async () => {
    const { lines, begin } = scene();
    const schedule = new FaultSchedule([fault('pause', 0.01, 60), fault('kill', 61, 1)], nowNs(), begin);
    await sleep(40);
    await schedule.over();
    await schedule[Symbol.asyncDispose]();
    assert.deepEqual(lines, ['pause begins', 'pause ends']);
    assert.equal(schedule.times.length, 1);
  });

  it('fails when a fault cannot be made', async () => {
    await using schedule = new FaultSchedule([fault('kill', 0, 1)], nowNs(), async () => {
      throw new Error('no such broker');
    });
    await assert.rejects(schedule.failure, { message: 'no such broker' });
  });
});
