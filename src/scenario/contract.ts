/**
 * The delivery and durability promises under which a scenario can be run, weakest first.
 *
 * - `fire-and-forget`: the producer resolves when the message is written to the socket; survives nothing.
 * - `leader-acked`: one broker accepted it (memory or page cache); survives a client failure.
 * - `replicated-acked`: a majority accepted it, not necessarily flushed; survives the loss of one node.
 * - `fsynced-acked`: one node flushed it before the acknowledgement; survives a power cut of that node.
 * - `replicated-fsynced-acked`: a majority each flushed it; survives a site-wide power cut.
 * - `effectively-once`: replicated-acked, and a producer's retry yields one delivery.
 *
 * In all but the first, a consumer settles a message after it was handled.
 */
export const CONTRACTS = [
  'fire-and-forget',
  'leader-acked',
  'replicated-acked',
  'fsynced-acked',
  'replicated-fsynced-acked',
  'effectively-once',
] as const;

export type Contract = (typeof CONTRACTS)[number];
