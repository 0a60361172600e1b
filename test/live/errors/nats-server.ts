import { Folder, OwnServer, freePorts, listensAt, programAt } from './own-server.ts';

/** A nats-server of our own configuration. */
export class NatsServer implements AsyncDisposable {
  readonly port: number;
  readonly #file: string;
  readonly #folder: Folder;
  #server: OwnServer;

  private constructor(port: number, file: string, folder: Folder, server: OwnServer) {
    this.port = port;
    this.#file = file;
    this.#folder = folder;
    this.#server = server;
  }

  /** @param configure returns what stands in the configuration beside the address */
  static async start(configure: (folder: Folder) => Promise<string> | string): Promise<NatsServer> {
    const folder = await Folder.make();
    const [port = 0] = await freePorts(1);
    const content = `server_name: errors\nlisten: "127.0.0.1:${port}"\n${await configure(folder)}\n`;
    const file = await folder.write('nats-server.conf', content);
    return new NatsServer(port, file, folder, await launch(file, port));
  }

  /** Kills it, and starts it again on its data. */
  async restart(): Promise<void> {
    await this.#server.kill();
    this.#server = await launch(this.#file, this.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** @param more `, max_file_store: 1M` */
export function jetstreamIn({ path }: Folder, more = ''): string {
  return `jetstream { store_dir: ${JSON.stringify(path)}${more} }`;
}

async function launch(file: string, port: number): Promise<OwnServer> {
  return OwnServer.start({
    file: await programAt('nats-server', '/usr/sbin/nats-server', '/usr/local/sbin/nats-server'),
    args: ['--config', file],
    isReady: () => listensAt(port),
    patienceMs: 10_000,
  });
}
