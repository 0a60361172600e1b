import { randomUUID } from 'node:crypto';
import { probeOf, type Queue } from '../aws/index.ts';
import { UserError } from '../../user-error.ts';

/** Published in requests of their own, so that they come to several of the provider's hosts. */
const PROBES = 8;
/** How long the probes of a round may take. */
const ROUND_MS = 3_000;
/** A queue's policy, too, takes up to 60 s to be known everywhere (API reference of SetQueueAttributes). */
const LIVE_WITHIN_MS = 90_000;
export const PROBE_WAIT_SECONDS = 1;

/**
 * Resolves when what is published reaches every queue.
 *
 * "There might be a small time period immediately after subscribing the SQS queue to the SNS topic and updating the
 * SQS queue's policy, where messages are not able to be delivered to the queue" (AWS SDK for .NET, SubscribeQueue).
 * What is published meanwhile is gone, and would be told as lost. So probes are published until all of a round have
 * arrived in every queue; stragglers of earlier rounds are left to the consumers, which delete them unseen.
 *
 * @param topic for people
 * @throws UserError (exit code 3) when that takes longer than `limitMs`
 */
export async function untilLive(
  topic: string,
  publish: (probe: string) => Promise<unknown>,
  queues: readonly Queue[],
  signal: AbortSignal,
  limitMs = LIVE_WITHIN_MS,
): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!signal.aborted) {
    const probes = Array.from({ length: PROBES }, () => randomUUID());
    await Promise.all(probes.map(publish));
    const untilMs = Math.min(endMs, performance.now() + ROUND_MS);
    const missing = await Promise.all(queues.map((queue) => missingIn(queue, probes, untilMs)));
    const deaf = missing.filter((count) => count > 0).length;
    if (deaf === 0) return;
    if (performance.now() >= endMs) throw notLive(topic, deaf, queues.length, limitMs);
  }
  signal.throwIfAborted();
}

/** Takes probes out of a queue, until all of these have come or the time is over. */
async function missingIn(queue: Queue, probes: readonly string[], untilMs: number): Promise<number> {
  const missing = new Set(probes);
  while (missing.size > 0 && performance.now() < untilMs) {
    const found = (await queue.receive(10)).flatMap((message) => {
      const probe = probeOf(message);
      return probe === undefined ? [] : [{ probe, handle: message.ReceiptHandle ?? '', seconds: 0 }];
    });
    if (found.length > 0) await queue.delete(found);
    for (const { probe } of found) missing.delete(probe);
  }
  return missing.size;
}

function notLive(topic: string, deaf: number, queues: number, limitMs: number): UserError {
  const seconds = Math.round(limitMs / 1000);
  return new UserError(
    `${deaf} of the ${queues} queues subscribed to ${topic} did not get what was published within ${seconds} s`,
    {
      code: 'driver.subscription-not-live',
      exitCode: 3,
      hint: 'run it again; if it stays so, something forbids SNS to send to the queues (an SCP, or encryption by a key)',
    },
  );
}
