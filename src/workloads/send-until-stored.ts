import { setTimeout as sleep } from 'node:timers/promises';
import { SendError, type OutgoingMessage, type Producer } from '../drivers/index.ts';

/** Between attempts on a broker that is away. */
const AGAIN_AFTER_MS = 200;

/**
 * Sends a message until the broker has it, so that the one it answers can stay unsettled meanwhile: not every broker
 * can have a single message delivered again. It may be stored twice.
 *
 * @param isOver whether to give up
 * @returns false where it was given up
 * @throws SendError where the broker refuses it: trying again is pointless
 */
export async function sendUntilStored(
  producer: Producer,
  message: OutgoingMessage,
  isOver: () => boolean,
): Promise<boolean> {
  for (;;) {
    try {
      await producer.send(message);
      return true;
    } catch (error) {
      if (!(error instanceof SendError) || error.outcome === 'refused') throw error;
    }
    if (isOver()) return false;
    await sleep(AGAIN_AFTER_MS);
  }
}
