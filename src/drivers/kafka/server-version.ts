import net from 'node:net';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { connectTimeoutMs } from './limits.ts';

export interface ServerProtocol {
  readonly version: string;
  /** highest version of each request that the broker knows, by the request's key */
  readonly apis: ReadonlyMap<number, number>;
}

/**
 * Its version is the release of a broker's software: `4.1`. Kafka's protocol does not say it, but a broker lists the levels
 * of metadata.version that it supports, and every release since 3.3 added one (KIP-584; the table is the
 * enum org.apache.kafka.server.common.MetadataVersion). Neither client reads that part of the response.
 * `unknown` for a broker before 3.3, or one with ZooKeeper. Rejects when there is no connection.
 */
export async function serverProtocol(broker: string, isTls: boolean): Promise<ServerProtocol> {
  const response = await request(broker, isTls);
  const apis = new Map<number, number>();
  const level = supportedMetadataVersion(response, apis);
  return { version: level === undefined ? 'unknown' : releaseOfLevel(level), apis };
}

/** The release that introduced the level; `4.4+` for one that is newer than the table. */
function releaseOfLevel(level: number): string {
  const last = releases.at(-1);
  if (last !== undefined && level > last.lastLevel) return `${last.release}+`;
  return releases.find(({ lastLevel }) => level <= lastLevel)?.release ?? 'unknown';
}

const releases = [
  { lastLevel: 7, release: '3.3' },
  { lastLevel: 8, release: '3.4' },
  { lastLevel: 11, release: '3.5' },
  { lastLevel: 14, release: '3.6' },
  { lastLevel: 19, release: '3.7' },
  { lastLevel: 20, release: '3.8' },
  { lastLevel: 21, release: '3.9' },
  { lastLevel: 25, release: '4.0' },
  { lastLevel: 27, release: '4.1' },
  { lastLevel: 29, release: '4.2' },
  { lastLevel: 30, release: '4.3' },
] as const;

const apiVersionsKey = 18;
const apiVersionsVersion = 3;

function apiVersionsRequest(): Buffer {
  const clientId = Buffer.from('mqbench');
  const software = Buffer.from('mqbench');
  const header = Buffer.alloc(10);
  header.writeInt16BE(apiVersionsKey, 0);
  header.writeInt16BE(apiVersionsVersion, 2);
  header.writeInt32BE(1, 4);
  header.writeInt16BE(clientId.length, 8);
  const compact = Buffer.concat([Buffer.from([software.length + 1]), software]);
  const noTags = Buffer.from([0]);
  // ApiVersions may be asked before SASL
  const body = Buffer.concat([header, clientId, noTags, compact, compact, noTags]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** The content type of a record that a listener with TLS answers with, and its version (RFC 8446, section 5.1). */
const tlsAlert = 21;
const tlsMajorVersion = 3;

export class ListenerHasTls extends Error {
  constructor() {
    super('the listener speaks TLS');
    this.name = 'ListenerHasTls';
  }
}

function request(broker: string, isTls: boolean): Promise<Buffer> {
  const colon = broker.lastIndexOf(':');
  const host = broker.slice(0, colon);
  const port = Number(broker.slice(colon + 1));
  return new Promise((resolve, reject) => {
    const socket: Socket = isTls
      ? tls.connect({ host, port, ...(net.isIP(host) === 0 ? { servername: host } : {}) })
      : net.connect({ host, port });
    let received = Buffer.alloc(0);
    socket.setTimeout(connectTimeoutMs, () => socket.destroy(new Error('no answer to ApiVersions')));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      resolve(received.subarray(4));
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      const hasTls = received[0] === tlsAlert && received[1] === tlsMajorVersion;
      reject(hasTls ? new ListenerHasTls() : new Error('closed before it answered ApiVersions'));
    });
    socket.write(apiVersionsRequest());
  });
}

/**
 * ApiVersions Response v3 behind its correlation id; supported features are the tagged field 0. A broker
 * before 2.4 answers with an error instead, and names no requests.
 */
function supportedMetadataVersion(response: Buffer, apis: Map<number, number>): number | undefined {
  const reader = new Reader(response);
  reader.skip(4);
  if (reader.int16() !== 0) return undefined;
  for (let rest = reader.varint() - 1; rest > 0; rest -= 1) {
    const key = reader.int16();
    reader.skip(2);
    apis.set(key, reader.int16());
    reader.skipTags();
  }
  reader.skip(4);
  for (let tags = reader.varint(); tags > 0; tags -= 1) {
    const tag = reader.varint();
    const sizeBytes = reader.varint();
    if (tag !== 0) {
      reader.skip(sizeBytes);
      continue;
    }
    for (let features = reader.varint() - 1; features > 0; features -= 1) {
      const name = reader.text(reader.varint() - 1);
      reader.skip(2);
      const maxLevel = reader.int16();
      reader.skipTags();
      if (name === 'metadata.version') return maxLevel;
    }
  }
  return undefined;
}

class Reader {
  readonly #buffer: Buffer;
  #position = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  skip(bytes: number): void {
    this.#position += bytes;
  }

  int16(): number {
    this.#position += 2;
    return this.#buffer.readInt16BE(this.#position - 2);
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#buffer.readUInt8(this.#position);
      this.#position += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  text(bytes: number): string {
    this.#position += bytes;
    return this.#buffer.toString('utf8', this.#position - bytes, this.#position);
  }

  skipTags(): void {
    for (let tags = this.varint(); tags > 0; tags -= 1) {
      this.varint();
      this.skip(this.varint());
    }
  }
}
