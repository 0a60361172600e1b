import { parentPort, workerData } from 'node:worker_threads';
import { nowNs } from './clock.ts';
import type { Stall } from './stall-watch.ts';

const STEP_NS = 1e6;
/** What a thread that only sleeps may be late on a machine that is not disturbed (0.1 ms at the median). */
const LATE_NS = 0.5e6;

/** Sleeps a millisecond at a time until told to stop, and notes when it was woken late. */
function watch(stop: Int32Array): readonly Stall[] {
  const stalls: Stall[] = [];
  let dueNs = nowNs() + STEP_NS;
  for (;;) {
    Atomics.wait(stop, 0, 0, Math.max(0, (dueNs - nowNs()) / 1e6));
    if (Atomics.load(stop, 0) !== 0) return stalls;
    const now = nowNs();
    if (now - dueNs > LATE_NS) stalls.push({ fromNs: dueNs, toNs: now });
    dueNs = Math.max(dueNs, now) + STEP_NS;
  }
}

const port = parentPort;
if (port === null) throw new Error('stall-watch-thread must be started as a worker thread');
port.postMessage('started');
port.postMessage(watch(new Int32Array(workerData as SharedArrayBuffer)));
