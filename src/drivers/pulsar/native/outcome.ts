import type { SendOutcome } from '../../errors.ts';

/**
 * What a result of the C++ client says about the message (`strResult` in its Result.cc). Whatever is not listed
 * leaves it open: so does AlreadyClosed, which is also the result of messages that were written and have no
 * receipt yet.
 */
export function outcomeOf(reason: string): SendOutcome {
  const result = /: (\w+)$/.exec(reason)?.[1] ?? '';
  if (refused.has(result)) return 'refused';
  return failed.has(result) ? 'failed' : 'unknown';
}

const refused: ReadonlySet<string> = new Set([
  'MessageTooBig',
  'InvalidMessage',
  'AuthorizationError',
  'CryptoError',
  'IncompatibleSchema',
  'TopicTerminated',
]);

/** Before anything is written. */
const failed: ReadonlySet<string> = new Set([
  'ProducerQueueIsFull',
  'MemoryBufferIsFull',
  'ProducerNotInitialized',
]);
