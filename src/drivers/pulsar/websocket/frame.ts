import type { Headers, OutgoingMessage } from '../../driver.ts';
import type { PulsarConfig } from '../config.ts';
import { topicPath } from '../names.ts';

/** Pulsar's webSocketMaxTextFrameSize, where the login does not allow to see it. */
const defaultMaxFrameBytes = 1024 * 1024;

/** Left over for the key, the headers and the JSON around them. */
const envelopeBytes = 4096;

/** The largest payload that fits into a frame as base64. A larger frame costs the connection (code 1009). */
export function maxPayloadBytes(maxFrameBytes: string | null | undefined): number {
  return Math.floor(((Number(maxFrameBytes ?? defaultMaxFrameBytes) - envelopeBytes) / 4) * 3);
}

/** `ws://host:8080/ws/v2/producer/persistent/public/default/topic?…` */
export function endpoint(
  config: Pick<PulsarConfig, 'adminUrl' | 'webSocketUrl' | 'tenant' | 'namespace'>,
  role: 'producer' | 'consumer' | 'reader',
  { topic, name }: { readonly topic: string; readonly name?: string },
  options: Readonly<Record<string, string | number>>,
): string {
  const base = (config.webSocketUrl ?? config.adminUrl).replace(/^http/, 'ws').replace(/\/$/, '');
  const subscription = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  const query = new URLSearchParams(
    Object.entries(options).map(([key, value]) => [key, String(value)] as [string, string]),
  );
  return `${base}/ws/v2/${role}/persistent/${topicPath(config, topic)}${subscription}?${query.toString()}`;
}

export function outgoingFrame({ key, payload, headers }: OutgoingMessage, context: string): string {
  return JSON.stringify({
    payload: payload.toString('base64'),
    context,
    ...(key === undefined ? {} : { key }),
    ...(headers === undefined ? {} : { properties: headers }),
  });
}

/** What became of a message that was sent with this context. */
export interface Receipt {
  readonly result: string;
  readonly context: string | undefined;
  readonly errorMsg: string | undefined;
}

// by hand, since a schema of zod costs as much as the rest of the way of a message
export function receiptIn(text: string): Receipt {
  const frame = objectIn(text);
  return {
    result: textOf(frame, 'result'),
    context: optionalText(frame['context']),
    errorMsg: optionalText(frame['errorMsg']),
  };
}

export interface IncomingFrame {
  readonly messageId: string;
  readonly payload: Buffer;
  readonly headers: Headers | undefined;
  readonly redelivered: boolean;
}

export function incomingFrame(text: string): IncomingFrame {
  const frame = objectIn(text);
  const { redeliveryCount } = frame;
  return {
    messageId: textOf(frame, 'messageId'),
    payload: Buffer.from(textOf(frame, 'payload'), 'base64'),
    headers: headersOf(frame['properties']),
    redelivered: typeof redeliveryCount === 'number' && redeliveryCount > 0,
  };
}

type Frame = Readonly<Record<string, unknown>>;

function objectIn(text: string): Frame {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new TypeError(`not a frame: ${text.slice(0, 200)}`);
  return value as Frame;
}

function textOf(frame: Frame, name: string): string {
  const value = frame[name];
  if (typeof value !== 'string') throw new TypeError(`a frame without ${name}: ${Object.keys(frame).join()}`);
  return value;
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function headersOf(properties: unknown): Headers | undefined {
  if (typeof properties !== 'object' || properties === null) return undefined;
  const entries = Object.entries(properties as Frame);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
