import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs, StallWatch } from '../../src/clock/index.ts';

describe('a watch for stalls of the machine', () => {
  it('given this thread busy for 100 ms, which is no stall of the machine: sees far less than that', async () => {
    await using watch = await StallWatch.start();
    const startNs = nowNs();
    while (nowNs() - startNs < 100e6);
    const stalls = await watch.stop();
    // the machine may have stood still meanwhile, but hardly the whole time
    const longestMs = Math.max(0, ...stalls.map(({ fromNs, toNs }) => (toNs - fromNs) / 1e6));
    assert.ok(longestMs < 90, `${longestMs} ms`);
  });

  it('tells spans of the time in which it watched', async () => {
    await using watch = await StallWatch.start();
    const startNs = nowNs();
    await sleep(200);
    const stalls = await watch.stop();
    for (const { fromNs, toNs } of stalls) {
      assert.ok(toNs - fromNs > 0.5e6);
      assert.ok(fromNs >= startNs - 1e9 && toNs <= nowNs());
    }
  });

  it('ends without being asked what it saw', async () => {
    await using _watch = await StallWatch.start();
  });
});
