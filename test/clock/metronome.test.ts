import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Metronome, nowNs } from '../../src/clock/index.ts';
import { Random } from '../../src/stats/index.ts';

const MS = 1e6;
/** in the far future */
const NEVER_NS = 3600e9;

/** A metronome whose wakes can be awaited one by one. */
class Sleeper implements AsyncDisposable {
  readonly wakes: number[] = [];
  readonly #metronome: Metronome;
  #waiting: (() => void) | undefined;

  private constructor(metronome: Metronome) {
    this.#metronome = metronome;
  }

  static async start(): Promise<Sleeper> {
    const metronome = await Metronome.start(() => sleeper.#wake());
    const sleeper: Sleeper = new Sleeper(metronome);
    return sleeper;
  }

  set(timeNs: number): void {
    this.#metronome.wakeAt(timeNs);
  }

  /** Resolves at the next wake. */
  async woken(): Promise<number> {
    await new Promise<void>((resolve) => {
      this.#waiting = resolve;
    });
    return this.wakes.at(-1) ?? NaN;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#metronome[Symbol.asyncDispose]();
  }

  #wake(): void {
    this.wakes.push(nowNs());
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }
}

describe('a Metronome', () => {
  it('given one alarm after the other: rings for each, not before its time, and in order', async () => {
    await using sleeper = await Sleeper.start();
    const random = new Random(1, 'alarms');
    for (let alarm = 0; alarm < 200; alarm++) {
      // some of them have passed when they are set
      const dueNs = nowNs() + (random.next() * 3 - 1) * MS;
      sleeper.set(dueNs);
      assert.ok((await sleeper.woken()) >= dueNs);
    }
    assert.equal(sleeper.wakes.length, 200);
    assert.deepEqual(
      sleeper.wakes,
      sleeper.wakes.toSorted((a, b) => a - b),
    );
  });

  it('given alarms set in a burst, at whatever moment of its sleep: the last is never lost', async () => {
    await using sleeper = await Sleeper.start();
    const random = new Random(2, 'bursts');
    for (let burst = 0; burst < 300; burst++) {
      for (let alarm = random.below(4); alarm > 0; alarm--) sleeper.set(nowNs() + NEVER_NS);
      const dueNs = nowNs() + random.next() * 0.5 * MS;
      sleeper.set(dueNs);
      while ((await sleeper.woken()) < dueNs);
    }
  });

  it('given an earlier alarm in place of a later one: rings at the earlier', async () => {
    await using sleeper = await Sleeper.start();
    sleeper.set(nowNs() + NEVER_NS);
    const dueNs = nowNs() + MS;
    sleeper.set(dueNs);
    assert.ok((await sleeper.woken()) >= dueNs);
  });

  it('given a later alarm in place of an earlier one: does not ring for the earlier', async () => {
    await using sleeper = await Sleeper.start();
    const earlierNs = nowNs() + 200 * MS;
    const laterNs = earlierNs + 20 * MS;
    sleeper.set(earlierNs);
    sleeper.set(laterNs);
    assert.ok((await sleeper.woken()) >= laterNs);
    assert.equal(sleeper.wakes.length, 1);
  });

  it('sleeps until the alarm, also one that was set in its sleep: no busy loop', async () => {
    await using sleeper = await Sleeper.start();
    sleeper.set(nowNs() + NEVER_NS);
    const before = process.cpuUsage();
    sleeper.set(nowNs() + 200 * MS);
    await sleeper.woken();
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 100_000, `${user + system} µs of CPU in 200 ms`);
  });

  it('given an alarm in the past, and again the same: rings at once, each time', async () => {
    await using sleeper = await Sleeper.start();
    for (let alarm = 0; alarm < 3; alarm++) {
      sleeper.set(0);
      await sleeper.woken();
    }
    assert.equal(sleeper.wakes.length, 3);
  });

  it('rings no more when it is disposed', async () => {
    const sleeper = await Sleeper.start();
    sleeper.set(nowNs() + 5 * MS);
    await sleeper[Symbol.asyncDispose]();
    await using other = await Sleeper.start();
    other.set(nowNs() + 10 * MS);
    await other.woken();
    assert.deepEqual(sleeper.wakes, []);
  });
});
