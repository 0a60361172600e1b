import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { threadUrl } from '../clock/index.ts';
import type { CanaryReading } from './reading.ts';

/**
 * A reading in a thread of its own, which has the same to warm up before a campaign as after it: what the campaign made of
 * this process's heap and compiled code is no change of the machine.
 * @param directory one that can be written to
 * @throws where it cannot
 */
export async function readCanary(directory: string): Promise<CanaryReading> {
  const thread = new Worker(threadUrl('canary-thread', import.meta.url), { workerData: directory });
  try {
    const [reading] = (await once(thread, 'message')) as [CanaryReading];
    return reading;
  } finally {
    await thread.terminate();
  }
}
