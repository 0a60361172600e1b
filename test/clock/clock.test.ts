import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { nowNs } from '../../src/clock/index.ts';

describe('nowNs', () => {
  it('never goes back, and moves on', () => {
    const first = nowNs();
    let before = first;
    for (let reading = 0; reading < 100_000; reading++) {
      const now = nowNs();
      assert.ok(now >= before, `${now} after ${before}`);
      before = now;
    }
    assert.ok(before > first);
  });

  it('agrees with the bigint clock of the process', () => {
    const [before, now, after] = [process.hrtime.bigint(), nowNs(), process.hrtime.bigint()];
    assert.ok(Number(before) <= now && now <= Number(after), `${before} ${now} ${after}`);
  });

  it('is the same in every thread: what one reads lies between what another read before and after', async () => {
    const threads = Array.from(
      { length: 3 },
      () => new Worker(new URL('fixtures/clock-thread.ts', import.meta.url)),
    );
    try {
      for (const thread of threads) {
        for (let question = 0; question < 20; question++) {
          const asked = nowNs();
          thread.postMessage('what time is it?');
          const [theirs] = (await once(thread, 'message')) as [number];
          const answered = nowNs();
          assert.ok(asked <= theirs && theirs <= answered, `${asked} ${theirs} ${answered}`);
        }
      }
    } finally {
      await Promise.all(threads.map((thread) => thread.terminate()));
    }
  });
});
