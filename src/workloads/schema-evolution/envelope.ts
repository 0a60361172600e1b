import type { Headers } from '../../drivers/index.ts';
import type { SchemaSpec, SchemaVersion } from '../../scenario/index.ts';
import type { Data, Format } from './format.ts';

/** Of data that is no bytes until an envelope makes it some. */
const JSON_TYPE = 'application/json';

/** What an envelope says of an event. */
interface Attributes {
  readonly id: string;
  readonly version: SchemaVersion;
  /** ms since 1970 */
  readonly placedAt: number;
}

/** An event as it is sent, without mqbench's own part of the payload. */
export interface Sent {
  readonly body: Buffer;
  readonly headers: Headers | undefined;
}

/** What is around an event. */
export interface Envelope {
  wrap(data: Data, attributes: Attributes): Sent;
  /** Throws an Error where it is no such envelope. */
  unwrap(sent: Sent): Data;
}

/** Loads what the envelope needs, and it alone. */
export async function openEnvelope(
  { envelope }: SchemaSpec,
  { contentType }: Pick<Format, 'contentType'>,
): Promise<Envelope> {
  return envelope === 'none' ? bare(contentType) : cloudEvents(envelope, contentType);
}

function bare(contentType: string): Envelope {
  return {
    wrap: (data) => ({
      body: Buffer.isBuffer(data) ? data : Buffer.from(JSON.stringify(data)),
      headers: undefined,
    }),
    unwrap: ({ body }) => (contentType === JSON_TYPE ? (JSON.parse(body.toString()) as Data) : body),
  };
}

/** CloudEvents 1.0 by their own SDK, which checks each one as it makes and as it reads it. */
async function cloudEvents(
  mode: 'cloudevents-structured' | 'cloudevents-binary',
  contentType: string,
): Promise<Envelope> {
  const { CloudEvent, HTTP } = await import('cloudevents');
  const eventOf = (data: Data, { id, version, placedAt }: Attributes): InstanceType<typeof CloudEvent> =>
    new CloudEvent({
      id,
      source: '/shop/orders',
      type: `shop.order.placed.${version}`,
      time: new Date(placedAt).toISOString(),
      datacontenttype: contentType,
      data,
    });
  if (mode === 'cloudevents-structured') {
    return {
      wrap: (data, attributes) => sentOf(HTTP.structured(eventOf(data, attributes))),
      unwrap: ({ body, headers = {} }) => {
        const event = one(HTTP.toEvent({ headers: { ...headers }, body: body.toString() }));
        // the SDK makes four bytes of each of binary data
        return event.data_base64 === undefined
          ? (event.data as Data)
          : Buffer.from(event.data_base64, 'base64');
      },
    };
  }
  return {
    wrap: (data, attributes) => sentOf(HTTP.binary(eventOf(data, attributes))),
    unwrap: ({ body, headers = {} }) => {
      const text = contentType === JSON_TYPE ? body.toString() : body;
      return one(HTTP.toEvent({ headers: { ...headers }, body: text })).data as Data;
    },
  };
}

/** The time is optional: a dead letter has three headers more, and eight are all that every broker takes. */
function sentOf({
  headers,
  body,
}: {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}): Sent {
  const kept = Object.entries(headers).filter(([name]) => name !== 'ce-time');
  return {
    body: Buffer.isBuffer(body) ? body : Buffer.from(String(body)),
    headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
  };
}

function one<T>(events: T | readonly T[]): T {
  const [only] = [events].flat() as T[];
  if (only === undefined) throw new Error('an empty batch');
  return only;
}
