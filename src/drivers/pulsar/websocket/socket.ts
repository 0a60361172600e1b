import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { connectTimeoutMs, pingIntervalMs, reconnectDelayMs } from '../limits.ts';

/** How long a topic may not be found: a broker that starts serves its HTTP port before its topics. */
const missingPatienceMs = 10_000;

export interface SocketOptions {
  readonly url: string;
  readonly token: string | undefined;
  /** ends connecting again */
  readonly signal: AbortSignal;
  readonly onMessage: (text: string) => void;
  /** What was written and not answered never will be. */
  readonly onDown: (reason: string) => void;
  /** It will not be opened again. */
  readonly onLost: (error: Error) => void;
}

/** The server answered the handshake with an error: there is no such topic, or it may not be used. */
export class HandshakeRefused extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(`HTTP ${status}${text === '' ? '' : `: ${text}`}`);
    this.name = 'HandshakeRefused';
    this.status = status;
  }
}

/** A WebSocket that is opened again when it was lost, until it is closed or the signal comes. */
export class Socket {
  readonly #options: SocketOptions;
  #socket: WebSocket | undefined;
  #isClosed = false;
  #ping: NodeJS.Timeout | undefined;
  readonly #closing = new AbortController();
  #reopening: Promise<void> | undefined;

  /** Rejects when the first attempt fails. */
  static async open(options: SocketOptions): Promise<Socket> {
    const socket = new Socket(options);
    await socket.#connect();
    return socket;
  }

  private constructor(options: SocketOptions) {
    this.#options = options;
    this.#ping = setInterval(() => this.#socket?.ping(), pingIntervalMs);
  }

  /** Counts the connections: what came on an earlier one cannot be answered on this. */
  connection = 0;

  get isUp(): boolean {
    return this.#socket !== undefined;
  }

  /** Written at once, or never where it is not up. */
  send(text: string): void {
    this.#socket?.send(text);
  }

  /** Closes in order, so that all that was written is read; never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#closing.abort();
    clearInterval(this.#ping);
    const socket = this.#socket;
    if (socket !== undefined) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => socket.terminate(), connectTimeoutMs);
        socket.once('close', () => {
          clearTimeout(timer);
          resolve();
        });
        socket.close();
      });
    }
    await this.#reopening;
  }

  async #connect(): Promise<void> {
    const { url, token } = this.#options;
    try {
      const socket = await opened(url, token, (open) => {
        this.connection += 1;
        this.#socket = open;
        open.on('message', (data: Buffer) => this.#options.onMessage(data.toString()));
        open.once('close', (code, reason) => this.#down(`closed with ${code} ${reason.toString()}`.trim()));
      });
      // closed while it was being opened
      if (this.#isClosed) socket.terminate();
    } catch (error) {
      if (this.connection === 0) clearInterval(this.#ping);
      throw error;
    }
  }

  #down(reason: string): void {
    this.#socket = undefined;
    this.#options.onDown(reason);
    if (!this.#isClosed) this.#reopening = this.#reopen();
  }

  /** Never rejects. */
  async #reopen(): Promise<void> {
    const signal = AbortSignal.any([this.#options.signal, this.#closing.signal]);
    let missingSinceMs: number | undefined;
    for (;;) {
      try {
        await sleep(reconnectDelayMs, undefined, { signal });
        await this.#connect();
        return;
      } catch (error) {
        if (this.#isClosed) return;
        const isMissing = error instanceof HandshakeRefused && error.status === 404;
        missingSinceMs = isMissing ? (missingSinceMs ?? performance.now()) : undefined;
        const isGone = missingSinceMs !== undefined && performance.now() - missingSinceMs > missingPatienceMs;
        if (!signal.aborted && !isGone) continue;
        clearInterval(this.#ping);
        this.#options.onLost(error instanceof Error ? error : new Error(String(error)));
        return;
      }
    }
  }
}

/**
 * @param onOpen called before anything that came with the answer to the handshake is read: a promise would resolve after
 * it, and what nobody listens for is lost
 */
function opened(
  url: string,
  token: string | undefined,
  onOpen: (socket: WebSocket) => void,
): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      handshakeTimeout: connectTimeoutMs,
      perMessageDeflate: false,
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    });
    socket.once('open', () => {
      onOpen(socket);
      resolve(socket);
    });
    // an error is followed by the close event, which is what is listened to once it is open
    socket.on('error', reject);
    socket.once('unexpected-response', (request, response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (body += text));
      response.on('end', () => {
        request.destroy();
        reject(new HandshakeRefused(response.statusCode ?? 0, titleOf(body)));
      });
    });
  });
}

/** The server answers with a page; its title says why. */
function titleOf(page: string): string {
  const title = /<title>([^<]*)/.exec(page)?.[1] ?? '';
  return title.replaceAll('&quot;', '"').replaceAll(/\s+/g, ' ').slice(0, 200);
}
