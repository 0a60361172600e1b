import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { threadUrl } from '../../clock/index.ts';
import { UserError } from '../../user-error.ts';
import { loopback } from '../ports.ts';

/** It takes 20 ms or so; the process that keeps it, a few hundred on a busy machine. */
const startPatienceMs = 10_000;
const requestPatienceMs = 10_000;

/** A Toxiproxy of our own, which ends with this process at the latest. Its API: the README of Shopify/toxiproxy. */
export class ToxiproxyServer implements AsyncDisposable {
  readonly #url: string;
  readonly #keeper: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(port: number, keeper: ChildProcess) {
    this.#url = `http://${loopback}:${port}`;
    this.#keeper = keeper;
    this.#ended = once(keeper, 'exit');
  }

  /**
   * Starts the program and waits until it takes requests.
   * @throws {UserError} `brokers.toxiproxy-start` (exit code 3) with what it says
   */
  static async start(program: string): Promise<ToxiproxyServer> {
    const port = await freePort();
    const keeper = fork(
      fileURLToPath(threadUrl('keeper-process', import.meta.url)),
      [program, '-host', loopback, '-port', String(port)],
      {
        // Ctrl-C reaches every process of a terminal, and the clients still have to drain
        detached: true,
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
        env: { ...process.env, LOG_LEVEL: 'error' },
      },
    );
    let said = '';
    keeper.stdout?.on('data', (text: Buffer) => {
      said = `${said}${text.toString()}`.slice(-1000);
    });
    const server = new ToxiproxyServer(port, keeper);
    const endsAtMs = performance.now() + startPatienceMs;
    while (!(await server.#answers())) {
      // where it cannot listen, it says so and lives on
      if (keeper.exitCode === null && said === '' && performance.now() < endsAtMs) {
        await sleep(20);
        continue;
      }
      await server[Symbol.asyncDispose]();
      throw new UserError(`Toxiproxy does not start: ${said.trim() || 'it does not answer'}`, {
        code: 'brokers.toxiproxy-start',
        exitCode: 3,
      });
    }
    return server;
  }

  /** @throws Error with what it says */
  async request(method: string, path: string, body?: Readonly<Record<string, unknown>>): Promise<unknown> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      signal: AbortSignal.timeout(requestPatienceMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Toxiproxy refuses ${method} ${path}: ${text.trim()}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#keeper.connected) this.#keeper.disconnect();
    await this.#ended;
  }

  async #answers(): Promise<boolean> {
    try {
      await this.request('GET', '/version');
      return true;
    } catch {
      // refused or reset: not there yet
      return false;
    }
  }
}

/** The proxies are told theirs by the system; of its own, Toxiproxy has to be told. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen({ host: loopback, port: 0, exclusive: true });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await server[Symbol.asyncDispose]();
  return port;
}
