/** What the server tells of a delivery in the subject on which it is settled. */
export interface DeliveryFacts {
  readonly stream: string;
  readonly durable: string;
  /** deliveries of this message to the consumer so far, this one included */
  readonly deliveryCount: number;
  readonly streamSequence: number;
}

/**
 * Reads the reply subject of a delivery, `$JS.ACK.<stream>.<consumer>.<delivered>.<sseq>.<cseq>.<time>.<pending>`,
 * or the longer one with domain and account of ADR-15. Undefined for a message that is none, such as a status.
 */
export function deliveryFacts(reply: string | undefined): DeliveryFacts | undefined {
  if (reply?.startsWith('$JS.ACK.') !== true) return undefined;
  const tokens = reply.split('.');
  const [stream, durable, count, sequence] = tokens.slice(tokens.length === 9 ? 2 : 4);
  if (stream === undefined || durable === undefined) return undefined;
  return { stream, durable, deliveryCount: Number(count), streamSequence: Number(sequence) };
}

const NANOSECONDS = 1_000_000;

/** What a consumer may answer, ADR-15. */
export const answers = {
  done: '+ACK',
  /** never again */
  reject: '+TERM',
  /** still at it: ack_wait begins anew */
  working: '+WPI',
  /** again, after so long */
  retry: (delayMs: number): string =>
    delayMs === 0 ? '-NAK' : `-NAK ${JSON.stringify({ delay: Math.round(delayMs * NANOSECONDS) })}`,
} as const;
