import { MAX_ENTRIES } from './lane.ts';

/** Parked at the server while messages come one by one: one answers, the other takes what comes meanwhile. */
const AT_EASE = 2;

/**
 * How many receives a consumer keeps under way after one of them was answered. Each is billed, and is most of what
 * a message costs us. One that comes back half full adds another; one that brings less takes one away, so that
 * those left gather more, down to two; one that brings nothing goes down to one.
 *
 * @param received messages in the answer
 * @param limit of the configuration
 */
export function receivesAfter(received: number, wanted: number, limit: number): number {
  if (2 * received >= MAX_ENTRIES) return Math.min(wanted + 1, limit);
  const least = received === 0 ? 1 : Math.min(wanted, AT_EASE);
  return Math.max(wanted - 1, least);
}
