import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { drain, type Drained, type Draining } from '../../src/run/drain.ts';

/** The drain looks about every 50 ms; to it, as much time as this goes by between two looks. */
const STEP_SECONDS = 0.5;
/** any time of the host's clock */
const START_SECONDS = 1000;

interface Course {
  readonly drained: Drained;
  /** at how many seconds the broker was asked what it holds */
  readonly askedAt: readonly number[];
}

interface Situation {
  readonly timeoutSeconds?: number;
  readonly quietSeconds?: number;
  /** seconds into the drain to what has arrived by then; 10 were acknowledged */
  readonly arrived: (seconds: number) => readonly number[];
  /** when the latest delivery came in */
  readonly lastArrival?: (seconds: number) => number;
  readonly backlog?: (seconds: number) => number | undefined;
  readonly signal?: AbortSignal;
}

/** Drains on a clock that moves with each look. */
async function drainIn(situation: Situation): Promise<Course> {
  let seconds = 0;
  const clock = mock.method(
    process,
    'hrtime',
    Object.assign((): [number, number] => [Math.floor(START_SECONDS + seconds), (seconds % 1) * 1e9], {
      bigint: () => BigInt(Math.round((START_SECONDS + seconds) * 1e9)),
    }),
  );
  const {
    timeoutSeconds = 30,
    quietSeconds = 1,
    arrived,
    lastArrival = () => -1,
    backlog = () => 0,
  } = situation;
  const askedAt: number[] = [];
  const look = (): Draining => {
    const draining = {
      acknowledged: 10,
      arrived: arrived(seconds),
      owed: 0,
      lastArrivalNs: (START_SECONDS + lastArrival(seconds)) * 1e9,
    };
    seconds += STEP_SECONDS;
    return draining;
  };
  try {
    const drained = await drain(
      { timeoutSeconds, quietSeconds },
      look,
      async () => {
        askedAt.push(seconds);
        return backlog(seconds);
      },
      situation.signal ?? new AbortController().signal,
    );
    return { drained, askedAt };
  } finally {
    clock.mock.restore();
  }
}

describe('a drain', () => {
  it('given that all has arrived: waits for the quiet period, and asks the broker nothing', async () => {
    const { drained, askedAt } = await drainIn({ arrived: () => [10, 10] });
    assert.deepEqual(drained, { seconds: 1, complete: true });
    assert.deepEqual(askedAt, []);
  });

  it('given a late duplicate: begins the quiet period anew', async () => {
    // when one comes 0.5 s into it
    const { drained } = await drainIn({
      arrived: () => [10],
      lastArrival: (seconds) => (seconds >= 0.5 ? 0.5 : -1),
    });
    assert.deepEqual(drained, { seconds: 1.5, complete: true });
  });

  it('waits for every subscription', async () => {
    const { drained } = await drainIn({
      // the last message of the second comes after more silence than the first needs
      arrived: (seconds) => [10, seconds >= 1.5 ? 10 : 9],
      lastArrival: (seconds) => (seconds >= 1.5 ? 1.5 : -1),
    });
    assert.deepEqual(drained, { seconds: 2.5, complete: true });
  });

  it('given lost messages: ends when the broker says, after two seconds of silence, that it holds none', async () => {
    const { drained, askedAt } = await drainIn({ arrived: () => [9] });
    assert.deepEqual(drained, { seconds: 2, complete: true });
    assert.deepEqual(askedAt, [2]);
  });

  it('given messages that the broker still holds: asks again until it holds none', async () => {
    const { drained, askedAt } = await drainIn({
      arrived: () => [9],
      backlog: (seconds) => (seconds >= 4 ? 0 : 1),
    });
    assert.equal(drained.complete, true);
    assert.deepEqual(askedAt, [2, 2.5, 3, 3.5, 4]);
  });

  for (const [what, backlog] of [
    ['that the broker never delivers', 1],
    ['of which the broker cannot say whether it holds them', undefined],
  ] as const) {
    it(`given messages ${what}: gives up at the time-out, incomplete`, async () => {
      const { drained } = await drainIn({ timeoutSeconds: 4, arrived: () => [9], backlog: () => backlog });
      assert.deepEqual(drained, { seconds: 4, complete: false });
    });
  }

  it('given deliveries that never end: gives up at the time-out, incomplete', async () => {
    const { drained } = await drainIn({
      timeoutSeconds: 3,
      arrived: () => [10],
      lastArrival: (seconds) => seconds,
    });
    assert.deepEqual(drained, { seconds: 3, complete: false });
  });

  it('given that more arrived than were acknowledged: asks the broker, for they may stand for others that it still holds', async () => {
    const { drained, askedAt } = await drainIn({
      arrived: () => [11],
      backlog: (seconds) => (seconds >= 3 ? 0 : 1),
    });
    assert.deepEqual(drained, { seconds: 3, complete: true });
    assert.deepEqual(askedAt, [2, 2.5, 3]);
  });

  it('given that more arrived than were acknowledged, and a broker that cannot say: has nothing to wait for', async () => {
    const { drained } = await drainIn({ arrived: () => [11], backlog: () => undefined });
    assert.deepEqual(drained, { seconds: 2, complete: true });
  });

  it('given an interruption: ends at once, incomplete', async () => {
    const { drained } = await drainIn({ arrived: () => [9], signal: AbortSignal.abort() });
    assert.deepEqual(drained, { seconds: 0, complete: false });
  });
});
