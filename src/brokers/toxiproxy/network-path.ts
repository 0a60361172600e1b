import { loopback } from '../ports.ts';
import type { ToxiproxyServer } from './server.ts';

/** What data take longer, in each direction, in whole milliseconds; the jitter is more or less by so much. */
interface Delay {
  readonly latencyMs: number;
  readonly jitterMs: number;
}

/** Clients to the broker, and the broker to clients. */
const streams = ['upstream', 'downstream'] as const;
const undelayed: Delay = { latencyMs: 0, jitterMs: 0 };
const name = 'broker';

/** A way to a port of this host through a proxy, which can be slow and be cut. One for each server. */
export class NetworkPath {
  /** at which the proxy listens */
  readonly port: number;
  readonly #server: ToxiproxyServer;

  private constructor(server: ToxiproxyServer, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** @param at the port at which it listens; 0: any */
  static async lay(server: ToxiproxyServer, to: number, at: number): Promise<NetworkPath> {
    const listen = `${loopback}:${at}`;
    const upstream = `${loopback}:${to}`;
    const proxy = (await server.request('POST', '/proxies', { name, listen, upstream })) as {
      readonly listen: string;
    };
    const path = new NetworkPath(server, Number(proxy.listen.split(':').at(-1)));
    await path.#addDelays();
    return path;
  }

  /**
   * From now on data take so much longer, until what is returned is called. The delays are there from the start, of
   * nothing: Toxiproxy changes one without losing a byte, and may drop what a delay holds that it takes away
   * (link.go, RemoveToxic).
   */
  async slow(delay: Delay): Promise<() => Promise<void>> {
    await this.#setDelays(delay);
    return async () => this.#setDelays(undelayed);
  }

  /**
   * From now on nothing gets through in either direction, and connections stay open, until what is returned is called.
   * What was sent meanwhile is gone, so that a connection of that time can only be closed, and is: all at once,
   * and a client that comes again at once is let through.
   */
  async cut(): Promise<() => Promise<void>> {
    for (const stream of streams) {
      await this.#server.request('POST', `/proxies/${name}/toxics`, {
        name: `cut-${stream}`,
        type: 'timeout',
        stream,
        // never of its own accord
        attributes: { timeout: 0 },
      });
    }
    return async () => {
      // one after the other would close the connections that clients open in between
      await this.#server.request('POST', '/reset');
      await this.#addDelays();
    };
  }

  async #addDelays(): Promise<void> {
    for (const stream of streams) {
      await this.#server.request('POST', `/proxies/${name}/toxics`, {
        name: delayOf(stream),
        type: 'latency',
        stream,
        attributes: attributesOf(undelayed),
      });
    }
  }

  async #setDelays(delay: Delay): Promise<void> {
    await Promise.all(
      streams.map(async (stream) =>
        this.#server.request('PATCH', `/proxies/${name}/toxics/${delayOf(stream)}`, {
          attributes: attributesOf(delay),
        }),
      ),
    );
  }
}

function delayOf(stream: string): string {
  return `delay-${stream}`;
}

function attributesOf({ latencyMs, jitterMs }: Delay): Readonly<Record<string, number>> {
  return { latency: latencyMs, jitter: jitterMs };
}
