/** What an option costs, in the currency of the price sheet. */
export interface Expense {
  /** whatever the load */
  readonly perMonth: number;
  readonly perMessage: number;
  /** messages a second beyond which this is not known to hold; undefined: no limit was stated */
  readonly upToPerSecond: number | undefined;
}

/** Messages in a month. @param hoursPerMonth of the price sheet */
export function messagesPerMonth(perSecond: number, hoursPerMonth: number): number {
  return perSecond * hoursPerMonth * 3600;
}

/**
 * Cost of a million messages at a steady load.
 * @returns undefined beyond the load that it is known to hold for: a price is not extrapolated
 */
export function costPerMillion(
  expense: Expense,
  perSecond: number,
  hoursPerMonth: number,
): number | undefined {
  const { perMonth, perMessage, upToPerSecond = Number.POSITIVE_INFINITY } = expense;
  if (perSecond > upToPerSecond) return undefined;
  return (perMonth / messagesPerMonth(perSecond, hoursPerMonth) + perMessage) * 1e6;
}

/**
 * The load at which two options cost the same: below it the one with the smaller monthly cost is cheaper.
 * @returns messages a second; undefined where there is none, or where it is beyond what either is known to hold for
 */
export function breakEvenLoad(a: Expense, b: Expense, hoursPerMonth: number): number | undefined {
  const messages = (a.perMonth - b.perMonth) / (b.perMessage - a.perMessage);
  if (!Number.isFinite(messages) || messages <= 0) return undefined;
  const perSecond = messages / (hoursPerMonth * 3600);
  const most = Math.min(a.upToPerSecond ?? Infinity, b.upToPerSecond ?? Infinity);
  return perSecond > most ? undefined : perSecond;
}

/** What a request to a queue is billed for once: more is billed for each that is begun. */
export const CHUNK_BYTES = 65_536;

/** How many messages a request of each kind carries. */
export interface Batches {
  readonly send: number;
  readonly receive: number;
  readonly delete: number;
  /** receives that brought nothing, for each message */
  readonly emptyReceives: number;
}

/** Requests that are billed for a message, once to send, to receive and to delete. */
export function billedRequests(batches: Batches, messageBytes: number): number {
  const billed = (messages: number): number =>
    Math.max(1, Math.ceil((messages * messageBytes) / CHUNK_BYTES)) / messages;
  return billed(batches.send) + billed(batches.receive) + batches.emptyReceives + 1 / batches.delete;
}

/** Where the copies of a message are, with clients and leaders in any of the zones. */
export interface Placement {
  readonly zones: number;
  /** each in a zone of its own */
  readonly replicas: number;
  /** groups that read from the leader; those that read from the nearest replica cross no zone */
  readonly consumers: number;
}

/**
 * How often a byte that is produced crosses zones: from the producer to the leader, from there to each replica in another
 * zone, and to each consumer group.
 */
export function zoneCrossings({ zones, replicas, consumers }: Placement): number {
  const elsewhere = (zones - 1) / zones;
  return elsewhere + (replicas - 1) + consumers * elsewhere;
}
