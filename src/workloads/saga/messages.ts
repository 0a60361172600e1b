/** The services that take part in an order. */
export type ParticipantName = 'order' | 'payment' | 'inventory' | 'shipping';

/** What services say to each other; commands in an orchestration, events in a choreography. */
export type Step =
  | 'place'
  | 'authorise'
  | 'authorised'
  | 'declined'
  | 'reserve'
  | 'reserved'
  | 'out of stock'
  | 'ship'
  | 'shipped'
  | 'shipping refused'
  | 'capture'
  | 'captured'
  | 'confirm'
  | 'confirmed'
  | 'release'
  | 'released'
  | 'void'
  | 'voided';

/** An order, as every message of its saga carries it. */
export interface Order {
  /** `<producer>-<sequence>` of the message that placed it */
  readonly id: string;
  readonly sku: number;
  /** cents */
  readonly amount: number;
}

/** One message between services. An order has each step once at most, so that order and step identify it. */
export interface SagaMessage {
  readonly step: Step;
  readonly order: Order;
}

export function encode({ step, order }: SagaMessage): Buffer {
  return Buffer.from(JSON.stringify([step, order.id, order.sku, order.amount]));
}

/** undefined for what no service of this workload has sent */
export function decode(payload: Buffer): SagaMessage | undefined {
  try {
    const parts: unknown = JSON.parse(payload.toString());
    if (!Array.isArray(parts) || parts.length !== 4) return undefined;
    const [step, id, sku, amount] = parts as [Step, string, number, number];
    return { step, order: { id, sku, amount } };
  } catch {
    return undefined;
  }
}
