import { createHmac } from 'node:crypto';
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nativePulsar } from '../../../src/brokers/pulsar/native.ts';
import { Folder, OwnServer, freePorts } from './own-server.ts';

const SECRET = Buffer.from('a secret of the test, of more than 256 bits');
const ADMIN = 'admin';

/** A standalone Pulsar that wants a token, and lets in who has been granted something. */
export class PulsarServer implements AsyncDisposable {
  readonly webPort: number;
  readonly brokerPort: number;
  readonly #folder: Folder;
  readonly #server: OwnServer;

  private constructor(webPort: number, brokerPort: number, folder: Folder, server: OwnServer) {
    this.webPort = webPort;
    this.brokerPort = brokerPort;
    this.#folder = folder;
    this.#server = server;
  }

  static async start(): Promise<PulsarServer> {
    const folder = await Folder.make();
    const [broker = 0, proxied = 0, proxy = 0, web = 0, bookie = 0, bookieAdmin = 0] = await freePorts(6);
    const ports = { broker, proxied, proxy, web, bookie, bookieAdmin };
    const site = {
      node: 1,
      directory: folder.path,
      shared: folder.path,
      dataDir: join(folder.path, 'data'),
      logFile: join(folder.path, 'pulsar.log'),
      ports,
      everyNode: [ports],
    };
    await mkdir(site.dataDir);
    const progress = { signal: new AbortController().signal, onProgress: () => undefined };
    const { file, args } = await nativePulsar.prepare(site, progress);
    const authentication = {
      authenticationEnabled: true,
      authenticationProviders: 'org.apache.pulsar.broker.authentication.AuthenticationProviderToken',
      tokenSecretKey: `data:;base64,${SECRET.toString('base64')}`,
      authorizationEnabled: true,
      superUserRoles: ADMIN,
      brokerClientAuthenticationPlugin: 'org.apache.pulsar.client.impl.auth.AuthenticationToken',
      brokerClientAuthenticationParameters: `token:${tokenOf(ADMIN)}`,
    };
    const lines = Object.entries(authentication).map(([name, value]) => `${name}=${value}\n`);
    await appendFile(join(folder.path, 'standalone.conf'), lines.join(''));
    const server = await OwnServer.start({
      file,
      args,
      isReady: () => isHealthy(web),
      patienceMs: 120_000,
    });
    return new PulsarServer(web, broker, folder, server);
  }

  get log(): string {
    return this.#server.log;
  }

  /** @param actions of the namespace public/default: `produce`, `consume` */
  async grant(role: string, actions: readonly string[]): Promise<void> {
    const url = `http://127.0.0.1:${this.webPort}/admin/v2/namespaces/public/default/permissions/${role}`;
    const headers = { authorization: `Bearer ${tokenOf(ADMIN)}`, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(actions) });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** A JSON Web Token (RFC 7519) that names a role, signed with HMAC SHA-256. */
export function tokenOf(role: string, secret: Buffer = SECRET): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'HS256' })}.${encode({ sub: role })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

async function isHealthy(port: number): Promise<boolean> {
  const headers = { authorization: `Bearer ${tokenOf(ADMIN)}` };
  try {
    const response = await fetch(`http://127.0.0.1:${port}/admin/v2/brokers/health`, { headers });
    return response.ok && (await response.text()) === 'ok';
  } catch {
    // not listening yet
    return false;
  }
}
