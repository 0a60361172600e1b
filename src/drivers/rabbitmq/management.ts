import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../../user-error.ts';
import type { RabbitmqConfig } from './config.ts';
import { parseEndpoint } from './endpoint.ts';

const TIMEOUT_MS = 3_000;
/** Statistics come every 5 s. */
const STATISTICS_AFTER_MS = 12_000;
const ASK_AGAIN_MS = 200;

const queueSchema = z.object({
  type: z.string(),
  durable: z.boolean(),
  arguments: z.record(z.string(), z.unknown()),
  /** of quorum queues; of streams among the statistics */
  members: z.array(z.string()).optional(),
  leader: z.string().optional(),
  /** statistics: missing until the first sample */
  messages: z.number().optional(),
  messages_unacknowledged: z.number().optional(),
});

/** What the management API says of a queue. Its statistics are up to 5 s old. */
export type QueueReport = z.output<typeof queueSchema>;

const nodesSchema = z.array(z.object({ name: z.string() }));
const namesSchema = z.array(z.object({ name: z.string(), exclusive: z.boolean().optional() }));

/** RabbitMQ's management API over HTTP, where the plugin is on. https://www.rabbitmq.com/docs/http-api-reference */
export class Management {
  /** `http://host:port`, without the login */
  readonly address: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #vhost: string;

  constructor(config: RabbitmqConfig) {
    const endpoint = parseEndpoint(config.url);
    if (endpoint === undefined) throw new TypeError('the configuration was not validated: its url is none');
    const scheme = endpoint.tls ? 'https' : 'http';
    const host = endpoint.hostname.includes(':') ? `[${endpoint.hostname}]` : endpoint.hostname;
    const url = new URL(config.managementUrl ?? `${scheme}://${host}:${endpoint.tls ? 15_671 : 15_672}`);
    const login =
      url.username === ''
        ? `${endpoint.username}:${endpoint.password}`
        : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    this.address = `${url.origin}${url.pathname.replace(/\/$/, '')}`;
    this.#headers = { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
    this.#vhost = encodeURIComponent(endpoint.vhost);
  }

  /** Members of the cluster, up or not. @throws UserError where the API does not answer */
  async nodes(): Promise<number> {
    return (await this.#get('nodes?columns=name', nodesSchema)).length;
  }

  /**
   * @param when `members`: when it says which these are, for which a stream takes up to 5 s
   * @throws UserError where the API does not answer, or has no such queue
   */
  async queue(name: string, when: 'at once' | 'members' = 'at once'): Promise<QueueReport> {
    const untilMs = performance.now() + STATISTICS_AFTER_MS;
    for (;;) {
      const report = await this.#get(`queues/${this.#vhost}/${encodeURIComponent(name)}`, queueSchema);
      if (when === 'at once' || report.members !== undefined || performance.now() > untilMs) return report;
      await delay(ASK_AGAIN_MS);
    }
  }

  /** Names of the queues, but for those that end with the connection that owns them. */
  async queueNames(): Promise<readonly string[]> {
    const queues = await this.#get(`queues/${this.#vhost}?columns=name,exclusive`, namesSchema);
    return queues.filter(({ exclusive }) => exclusive !== true).map(({ name }) => name);
  }

  async exchangeNames(): Promise<readonly string[]> {
    return (await this.#get(`exchanges/${this.#vhost}?columns=name`, namesSchema)).map(({ name }) => name);
  }

  async #get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    let status: number;
    let body: unknown;
    try {
      const response = await fetch(`${this.address}/api/${path}`, {
        headers: this.#headers,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      status = response.status;
      body = response.ok ? await response.json() : undefined;
    } catch (cause) {
      const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
      throw this.#unusable(reason instanceof Error ? reason.message : String(reason), cause);
    }
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw this.#unusable(`HTTP ${status} to /api/${path}`, parsed.error);
    return parsed.data;
  }

  #unusable(reason: string, cause: unknown): UserError {
    return new UserError(`no RabbitMQ management API at ${this.address}: ${reason}`, {
      code: 'driver.no-management',
      exitCode: 3,
      hint: 'turn it on with: rabbitmq-plugins enable rabbitmq_management; or name it in managementUrl',
      cause,
    });
  }
}
