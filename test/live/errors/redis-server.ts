import { createConnection } from 'node:net';
import { Folder, OwnServer, freePorts, programAt } from './own-server.ts';

/** A redis-server of our own settings, by its own names. */
export class RedisServer implements AsyncDisposable {
  readonly port: number;
  readonly #folder: Folder;
  readonly #server: OwnServer;

  private constructor(port: number, folder: Folder, server: OwnServer) {
    this.port = port;
    this.#folder = folder;
    this.#server = server;
  }

  static async start(
    configure: (
      folder: Folder,
      port: number,
    ) => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>,
    lines: readonly string[] = [],
  ): Promise<RedisServer> {
    const folder = await Folder.make();
    const [port = 0] = await freePorts(1);
    const settings = {
      port: String(port),
      bind: '127.0.0.1',
      dir: folder.path,
      appendonly: 'yes',
      save: '""',
      ...(await configure(folder, port)),
    };
    const content = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
    const file = await folder.write('redis.conf', [...content, ...lines, ''].join('\n'));
    const server = await OwnServer.start({
      file: await programAt('redis-server'),
      args: [file],
      isReady: (log) => (settings.port === '0' ? log.includes('Ready to accept connections') : answers(port)),
      patienceMs: 10_000,
    });
    return new RedisServer(port, folder, server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** Whatever it answers to PING, but that it still loads. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('error', () => finish(false));
    socket.once('data', (data) => finish(!data.toString().startsWith('-LOADING')));
    socket.write('PING\r\n');
  });
}
