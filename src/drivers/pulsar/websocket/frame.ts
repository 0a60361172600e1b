import { z } from 'zod';
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
  role: 'producer' | 'consumer',
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

const receiptSchema = z.object({
  result: z.string(),
  context: z.string().nullish(),
  errorMsg: z.string().nullish(),
});

/** What became of a message that was sent with this context. */
export type Receipt = z.output<typeof receiptSchema>;

export function receiptIn(text: string): Receipt {
  return receiptSchema.parse(JSON.parse(text));
}

const incomingSchema = z.object({
  messageId: z.string(),
  payload: z.string(),
  properties: z.record(z.string(), z.string()).nullish(),
  redeliveryCount: z.number().nullish(),
});

export interface IncomingFrame {
  readonly messageId: string;
  readonly payload: Buffer;
  readonly headers: Headers | undefined;
  readonly redelivered: boolean;
}

export function incomingFrame(text: string): IncomingFrame {
  const { messageId, payload, properties, redeliveryCount } = incomingSchema.parse(JSON.parse(text));
  const hasHeaders = properties !== undefined && properties !== null && Object.keys(properties).length > 0;
  return {
    messageId,
    payload: Buffer.from(payload, 'base64'),
    headers: hasHeaders ? properties : undefined,
    redelivered: (redeliveryCount ?? 0) > 0,
  };
}
