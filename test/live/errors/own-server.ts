import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const LOG_BYTES = 20_000;
const run = promisify(execFile);

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Resolves with true once the server can be used. */
  readonly isReady: (log: string) => boolean | Promise<boolean>;
  readonly patienceMs: number;
}

/** A folder that goes with its owner. */
export class Folder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<Folder> {
    return new Folder(await mkdtemp(join(tmpdir(), 'mqbench-errors-')));
  }

  async write(name: string, content: string): Promise<string> {
    const file = join(this.path, name);
    await writeFile(file, content);
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A real server that `mqbench up` does not start: with logins, with limits, or too old. */
export class OwnServer implements AsyncDisposable {
  readonly #child: ChildProcess;
  #log = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: Buffer) => (this.#log = (this.#log + text.toString()).slice(-LOG_BYTES)));
    }
  }

  static async start({ file, args, isReady, patienceMs }: Command): Promise<OwnServer> {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    await once(child, 'spawn');
    const server = new OwnServer(child);
    const untilMs = performance.now() + patienceMs;
    while (!(await isReady(server.log))) {
      if (server.hasEnded || performance.now() > untilMs) {
        await server[Symbol.asyncDispose]();
        throw new Error(`${file} is not ready: ${server.log}`);
      }
      await sleep(50);
    }
    return server;
  }

  get log(): string {
    return this.#log;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** As a machine that loses its power does, but for what the operating system has. */
  async kill(): Promise<void> {
    if (this.hasEnded) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** So many ports at which nobody listens. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

export async function listensAt(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

/** The first of these that is there; a bare name is looked for on the PATH. */
export async function programAt(...candidates: readonly string[]): Promise<string> {
  const folders = (process.env['PATH'] ?? '').split(':');
  const files = candidates.flatMap((each) =>
    each.startsWith('/') ? [each] : folders.map((folder) => join(folder, each)),
  );
  for (const file of files) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  throw new Error(`none of these is installed: ${candidates.join(', ')}`);
}

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate for 127.0.0.1 that nobody trusts, as files. */
export async function certificateIn(folder: Folder): Promise<Certificate> {
  const [certificate, key] = [join(folder.path, 'certificate.pem'), join(folder.path, 'key.pem')];
  const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=mqbench-test'];
  const name = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  await run('openssl', [...kind, ...name, '-keyout', key, '-out', certificate]);
  return { certificate, key };
}
