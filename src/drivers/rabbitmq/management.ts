import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../../user-error.ts';
import type { RabbitmqConfig } from './config.ts';
import { endpointsOf, type Endpoint } from './endpoint.ts';

const TIMEOUT_MS = 3_000;
/** Statistics come every 5 s. */
const STATISTICS_AFTER_MS = 12_000;
const ASK_AGAIN_MS = 200;
/** How long a server error is asked about again: a queue that goes while they are listed makes one. */
const PATIENCE_MS = 5_000;

const queueSchema = z.object({
  type: z.string(),
  durable: z.boolean(),
  arguments: z.record(z.string(), z.unknown()),
  /** of quorum queues; of streams among the statistics */
  members: z.array(z.string()).optional(),
  leader: z.string().optional(),
  /** of quorum queues: the members whose nodes are up */
  online: z.array(z.string()).optional(),
  /** statistics: missing until the first sample */
  messages: z.number().optional(),
  messages_unacknowledged: z.number().optional(),
});

/** What the management API says of a queue. Its statistics are up to 5 s old. */
export type QueueReport = z.output<typeof queueSchema>;

const nodesSchema = z.array(z.object({ name: z.string() }));
const namesSchema = z.array(z.object({ name: z.string(), exclusive: z.boolean().optional() }));

/** Where the API of one node is. */
interface Place {
  /** `http://host:port`, without the login */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * RabbitMQ's management API over HTTP, where the plugin is on: of the first node that answers, which speaks for
 * the cluster. https://www.rabbitmq.com/docs/http-api-reference
 */
export class Management {
  readonly #places: readonly Place[];
  readonly #vhost: string;

  constructor(config: RabbitmqConfig) {
    const endpoints = endpointsOf(config.url);
    const [endpoint] = endpoints;
    const urls = [config.managementUrl ?? endpoints.map(usualUrl)].flat();
    this.#places = urls.map((url) => placeOf(new URL(url), endpoint));
    this.#vhost = encodeURIComponent(endpoint?.vhost ?? '/');
  }

  /** `http://host:port` of each node, without the login. */
  get addresses(): readonly string[] {
    return this.#places.map(({ address }) => address);
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

  /** @throws UserError of the first node when none answers */
  async #get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const failures: UserError[] = [];
    for (const place of this.#places) {
      try {
        return await get(place, path, schema);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        failures.push(error);
      }
    }
    throw failures[0] ?? new TypeError('the configuration was not validated: it has no url');
  }
}

/** With the login of the url, where it has none of its own. */
function placeOf(url: URL, endpoint: Endpoint | undefined): Place {
  const login =
    url.username === ''
      ? `${endpoint?.username}:${endpoint?.password}`
      : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return {
    address: `${url.origin}${url.pathname.replace(/\/$/, '')}`,
    headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` },
  };
}

function usualUrl({ tls, hostname }: Endpoint): string {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  return `${tls ? 'https' : 'http'}://${host}:${tls ? 15_671 : 15_672}`;
}

async function get<T>(place: Place, path: string, schema: z.ZodType<T>): Promise<T> {
  const untilMs = performance.now() + PATIENCE_MS;
  let answer = await ask(place, path);
  while (answer.status >= 500 && performance.now() < untilMs) {
    await delay(ASK_AGAIN_MS);
    answer = await ask(place, path);
  }
  const { status, body } = answer;
  const { address } = place;
  if (status === 404 && path.startsWith('queues/')) throw anothers(address);
  if (status >= 500) throw failing(address, `HTTP ${status} to /api/${path}`);
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw unusable(address, `HTTP ${status} to /api/${path}`, parsed.error);
  return parsed.data;
}

/** @throws UserError where nothing answers */
async function ask({ address, headers }: Place, path: string): Promise<{ status: number; body: unknown }> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(`${address}/api/${path}`, { headers, signal });
    // what is not read would keep the connection
    if (!response.ok) await response.body?.cancel();
    return { status: response.status, body: response.ok ? await response.json() : undefined };
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    throw unusable(address, reason instanceof Error ? reason.message : String(reason), cause);
  }
}

function unusable(address: string, reason: string, cause: unknown): UserError {
  return new UserError(`no RabbitMQ management API at ${address}: ${reason}`, {
    code: 'driver.no-management',
    exitCode: 3,
    hint: 'turn it on with: rabbitmq-plugins enable rabbitmq_management; or name it in managementUrl',
    cause,
  });
}

function failing(address: string, reason: string): UserError {
  return new UserError(`the RabbitMQ management API at ${address} fails: ${reason}`, {
    code: 'driver.no-management',
    exitCode: 3,
    hint: "the broker's log says why",
  });
}

function anothers(address: string): UserError {
  return new UserError(
    `the management API at ${address} is of another RabbitMQ: it does not know a queue that was just created`,
    {
      code: 'driver.no-management',
      exitCode: 3,
      hint: "name that of the target's own broker in managementUrl",
    },
  );
}
