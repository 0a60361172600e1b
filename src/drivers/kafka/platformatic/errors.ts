import { protocolErrorsCodesById } from '@platformatic/kafka';
import { coordinatorAwayCodes } from '../client.ts';

/**
 * Every error in a tree of them that has no error below it. The client wraps the errors of several attempts
 * and of several brokers into AggregateErrors.
 */
export function leaves(error: unknown): readonly Error[] {
  if (!(error instanceof Error)) return [new Error(String(error))];
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.flatMap(leaves);
  return [error];
}

/** Kafka's code of an answer that is an error, undefined where there was no answer. */
export function codeOf(error: Error): number | undefined {
  return 'apiCode' in error && typeof error.apiCode === 'number' ? error.apiCode : undefined;
}

/** Kafka's name of an answer that is an error: `GROUP_ID_NOT_FOUND`. */
export function nameOf(error: Error): string | undefined {
  const code = codeOf(error);
  return code === undefined ? undefined : protocolErrorsCodesById[code];
}

export function hasName(error: unknown, name: string): boolean {
  return leaves(error).some((leaf) => nameOf(leaf) === name);
}

/** The client answers with an error of its own when the metadata says so. */
export function isUnknownTopic(error: unknown): boolean {
  return leaves(error).some(
    (leaf) => leaf.message.startsWith('Unknown topic') || nameOf(leaf) === 'UNKNOWN_TOPIC_OR_PARTITION',
  );
}

/** It is being chosen or moved, or was killed and is not missed yet. */
export function isCoordinatorAway(error: unknown): boolean {
  return leaves(error).some(
    (leaf) =>
      coordinatorAwayCodes.has(codeOf(leaf) ?? 0) || isBeforeWriting(leaf) || /timed out/.test(leaf.message),
  );
}

/** No byte of the request was written: there was no connection, or no attempt at all. */
export function isBeforeWriting(error: Error): boolean {
  if (error.cause instanceof Error && 'syscall' in error.cause && error.cause.syscall === 'connect')
    return true;
  return unwritten.some((pattern) => pattern.test(error.message));
}

const unwritten = [
  /^connect E/,
  /^Connection (to \S+|ready) timed out/,
  /^Connection closed while waiting for ready/,
  /^Connection pool is closed/,
  /^Client (is closed|closed while retrying)/,
  /^Unknown topic/,
];
