import { z } from 'zod';
import type { Subscription } from '../driver.ts';
import type { Position } from './client.ts';
import type { PulsarConfig } from './config.ts';
import { AdminRefusal, notPulsar, unreachable } from './failure.ts';
import { requestTimeoutMs, changeTimeoutMs } from './limits.ts';
import { partitionName, topicPath } from './names.ts';

const partitionsSchema = z.object({ partitions: z.int() });
const statsSchema = z.object({
  subscriptions: z.record(
    z.string(),
    z.object({
      msgBacklog: z.number(),
      consumers: z.array(z.object({ consumerName: z.string().nullish() })),
    }),
  ),
});
const analysisSchema = z.object({
  messages: z.number(),
  aborted: z.boolean(),
  lastMessageId: z.string().nullish(),
});
const internalStatsSchema = z.object({ ledgers: z.array(z.object({ metadata: z.string().nullish() })) });
const positionSchema = z.object({ ledgerId: z.number(), entryId: z.number() });
const bookiesSchema = z.object({ bookies: z.array(z.unknown()) });
const settingsSchema = z.record(z.string(), z.string().nullable());

/** What the broker was configured with, by Pulsar's own names. */
export type Settings = Readonly<Record<string, string | null>>;

/** Pulsar's admin REST API. https://pulsar.apache.org/admin-rest-api/?version=4.0.0 */
export class Admin {
  readonly #config: PulsarConfig;
  readonly #signal: AbortSignal;

  constructor(config: PulsarConfig, signal: AbortSignal) {
    this.#config = config;
    this.#signal = signal;
  }

  async version(): Promise<string> {
    return (await this.#text('GET', 'brokers/version')).replaceAll('"', '').trim();
  }

  async bookies(): Promise<number> {
    return (await this.#json('bookies/all', bookiesSchema)).bookies.length;
  }

  /** undefined where the login does not allow to see it */
  async brokerSettings(): Promise<Settings | undefined> {
    try {
      return await this.#json('brokers/configuration/runtime', settingsSchema);
    } catch (error) {
      if (error instanceof AdminRefusal && (error.status === 401 || error.status === 403)) return undefined;
      throw error;
    }
  }

  /** The settings of one bookie that are not left to their defaults; undefined where its API is not known. */
  async bookieSettings(): Promise<Settings | undefined> {
    const { bookieUrl } = this.#config;
    if (bookieUrl === undefined) return undefined;
    const url = `${bookieUrl.replace(/\/$/, '')}/api/v1/config/server_config`;
    return understood(settingsSchema, await this.#request('GET', url), url);
  }

  async createTopic(topic: string, partitions: number): Promise<void> {
    await this.#text('PUT', `persistent/${this.#path(topic)}/partitions`, partitions);
  }

  /** From the first message on, whenever a consumer comes. */
  async createSubscription(topic: string, name: string): Promise<void> {
    const earliest = { ledgerId: -1, entryId: -1 };
    await this.#text(
      'PUT',
      `persistent/${this.#path(topic)}/subscription/${encodeURIComponent(name)}`,
      earliest,
    );
  }

  /** 0: there is no such topic, or it has no partitions */
  async partitions(topic: string): Promise<number> {
    try {
      return (await this.#json(`persistent/${this.#path(topic)}/partitions`, partitionsSchema)).partitions;
    } catch (error) {
      if (error instanceof AdminRefusal && error.status === 404) return 0;
      throw error;
    }
  }

  /** A policy of the topic, which takes a moment to be in effect. */
  async setPolicy(topic: string, policy: string, value: unknown): Promise<void> {
    await this.#text('POST', `persistent/${this.#path(topic)}/${policy}`, value);
  }

  /** What is in effect for the topic; undefined where nothing is. */
  async policy(topic: string, policy: string): Promise<unknown> {
    const text = await this.#text('GET', `persistent/${this.#path(topic)}/${policy}?applied=true`);
    return text === '' ? undefined : understood(z.unknown(), text, this.#config.adminUrl);
  }

  /** What BookKeeper keeps of the ledger that the partition is written to: `…, writeQuorumSize=1, …` */
  async ledgerMetadata(topic: string, partition: number): Promise<string | undefined> {
    const path = this.#path(partitionName(topic, partition));
    const { ledgers } = await this.#json(
      `persistent/${path}/internalStats?metadata=true`,
      internalStatsSchema,
    );
    return ledgers.at(-1)?.metadata ?? undefined;
  }

  /** Of the last entry of one partition; undefined where there is none. */
  async lastPosition(topic: string, partition: number): Promise<Position | undefined> {
    const path = `persistent/${this.#path(partitionName(topic, partition))}/lastMessageId`;
    const position = await this.#json(path, positionSchema);
    return position.entryId < 0 ? undefined : position;
  }

  /** Entries of one partition that are not settled. An entry is a message, or a batch of them. */
  async backlogEntries(subscription: Subscription, partition: number): Promise<number> {
    return (await this.#stats(subscription, partition))?.msgBacklog ?? 0;
  }

  /** Names of those that are attached to one partition. */
  async consumers(subscription: Subscription, partition: number): Promise<readonly string[]> {
    const stats = await this.#stats(subscription, partition);
    return (stats?.consumers ?? []).map(({ consumerName }) => consumerName ?? '');
  }

  /**
   * Messages of one partition that are not settled, which the broker counts by reading them. Of a batch that is
   * settled in part it counts all.
   */
  async backlogMessages({ topic, name }: Subscription, partition: number): Promise<number> {
    const path = this.#path(partitionName(topic, partition));
    const url = `persistent/${path}/subscription/${encodeURIComponent(name)}/analyzeBacklog`;
    let messages = 0;
    let from: { readonly ledgerId: number; readonly entryId: number } | undefined;
    for (;;) {
      const analysis = understood(analysisSchema, await this.#text('POST', url, from), this.#config.adminUrl);
      messages += analysis.messages;
      const [ledgerId, entryId] = (analysis.lastMessageId ?? '').split(':').map(Number);
      // one request reads 10,000 entries at most (subscriptionBacklogScanMaxEntries)
      if (!analysis.aborted || ledgerId === undefined || entryId === undefined) return messages;
      from = { ledgerId, entryId: entryId + 1 };
    }
  }

  /** Full names of all topics of the namespace, those of partitions among them. */
  async topics(): Promise<readonly string[]> {
    const namespace = topicPath(this.#config, '').slice(0, -1);
    const names = z.array(z.string());
    const partitioned = await this.#json(`persistent/${namespace}/partitioned`, names);
    return [...partitioned, ...(await this.#json(`persistent/${namespace}`, names))];
  }

  /** Also with consumers and producers on it. Fine when it is gone. */
  async deleteTopic(topic: string): Promise<void> {
    for (const path of [`${this.#path(topic)}/partitions`, this.#path(topic)]) {
      try {
        await this.#text('DELETE', `persistent/${path}?force=true`);
        return;
      } catch (error) {
        if (!(error instanceof AdminRefusal) || error.status !== 404) throw error;
      }
    }
  }

  async #stats(
    { topic, name }: Subscription,
    partition: number,
  ): Promise<z.output<typeof statsSchema>['subscriptions'][string] | undefined> {
    const path = `persistent/${this.#path(partitionName(topic, partition))}/stats?getPreciseBacklog=true`;
    return (await this.#json(path, statsSchema)).subscriptions[name];
  }

  #path(topic: string): string {
    return topicPath(this.#config, topic);
  }

  async #json<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return understood(schema, await this.#text('GET', path), this.#config.adminUrl);
  }

  #text(method: string, path: string, body?: unknown): Promise<string> {
    return this.#request(method, `${this.#config.adminUrl.replace(/\/$/, '')}/admin/v2/${path}`, body);
  }

  async #request(method: string, url: string, body?: unknown): Promise<string> {
    const timeoutMs = method === 'GET' ? requestTimeoutMs : changeTimeoutMs;
    let status: number;
    let text: string;
    try {
      const response = await fetch(url, {
        method,
        headers: {
          // none is kept open: it would outlive the driver
          connection: 'close',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(this.#config.token === undefined ? {} : { authorization: `Bearer ${this.#config.token}` }),
        },
        signal: AbortSignal.any([this.#signal, AbortSignal.timeout(timeoutMs)]),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      status = response.status;
      text = await response.text();
    } catch (cause) {
      if (this.#signal.aborted) throw cause;
      throw unreachable(new URL(url).host, cause);
    }
    if (status >= 200 && status < 300) return text;
    throw new AdminRefusal(method, new URL(url), status, text);
  }
}

/** @throws UserError for an answer that is not Pulsar's */
function understood<T>(schema: z.ZodType<T>, text: string, url: string): T {
  const parsed = schema.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  throw notPulsar(new URL(url).host, text);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
