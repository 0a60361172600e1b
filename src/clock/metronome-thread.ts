import { parentPort, workerData } from 'node:worker_threads';
import { nowNs } from './clock.ts';

/** Sleeps until the alarm that the owner has set, or until it sets another, and posts a message when it rings. */
function keepTime(shared: SharedArrayBuffer, ring: () => void): never {
  const sequence = new Int32Array(shared, 0, 2);
  const wakeAtNs = new Float64Array(shared, 8, 1);
  let seen = 0;
  for (;;) {
    Atomics.wait(sequence, 0, seen);
    seen = Atomics.load(sequence, 0);
    if (sleepUntil(sequence, seen, wakeAtNs)) ring();
  }
}

/**
 * Linux ends a sleep up to 50 us late on purpose, to end several at once (the timer slack of prctl(2)), so that
 * it is asked for that much less. What it then wakes too early, at most that much, is waited for awake.
 */
const SLACK_NS = 50e3;

/** Returns false when the alarm was set anew before it rang. */
function sleepUntil(sequence: Int32Array, seen: number, wakeAtNs: Float64Array): boolean {
  for (;;) {
    const leftNs = (wakeAtNs[0] ?? 0) - nowNs();
    if (leftNs <= 0) return true;
    if (leftNs > SLACK_NS) Atomics.wait(sequence, 0, seen, (leftNs - SLACK_NS) / 1e6);
    // a wake-up alone proves nothing: it may be the one of the alarm already seen
    if (Atomics.load(sequence, 0) !== seen) return false;
  }
}

const port = parentPort;
if (port === null) throw new Error('metronome-thread must be started as a worker thread');
port.postMessage('started');
keepTime(workerData as SharedArrayBuffer, () => port.postMessage('wake'));
