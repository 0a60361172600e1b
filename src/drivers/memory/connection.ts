import { connect as connectSocket, type Socket } from 'node:net';
import { UserError } from '../../user-error.ts';
import { FRAME, FrameReader, FrameWriter, jsonFrame, splitHeaders } from './wire.ts';
import type { Headers, ReceivedMessage } from '../driver.ts';
import type { MemoryConfig } from './config.ts';

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** What a connection hands on, by frame type. */
export interface FrameSinks {
  acknowledged(id: number): void;
  delivered(consumer: number, delivery: number, message: ReceivedMessage): void;
  closed(): void;
}

/** A socket to the memory broker that asks, answers, and hands on the rest. */
export class MemoryConnection {
  readonly #socket: Socket;
  readonly #writer: FrameWriter;
  readonly #replies = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #nextId = 1;

  private constructor(socket: Socket, sinks: FrameSinks) {
    this.#socket = socket;
    this.#writer = new FrameWriter((data) => socket.write(data));
    const reader = new FrameReader((type, body) => this.#dispatch(type, body, sinks));
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      for (const reply of this.#replies.values()) reply.reject(closed());
      this.#replies.clear();
      sinks.closed();
    });
  }

  static async open(config: MemoryConfig, sinks: FrameSinks, signal: AbortSignal): Promise<MemoryConnection> {
    const socket = connectSocket({ host: config.host, port: config.port, signal });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (cause) =>
        reject(
          new UserError(`no memory broker at ${config.host}:${config.port}`, {
            code: 'driver.unreachable',
            exitCode: 3,
            hint: 'leave the port out, and mqbench starts one itself',
            cause,
          }),
        ),
      );
    });
    return new MemoryConnection(socket, sinks);
  }

  get open(): boolean {
    return !this.#socket.destroyed;
  }

  send(data: Buffer): void {
    this.#writer.push(data);
  }

  request(method: string, params: unknown): Promise<unknown> {
    // nobody would ever answer it
    if (this.#socket.destroyed) return Promise.reject(closed());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#replies.set(id, { resolve, reject });
      this.send(jsonFrame(FRAME.request, { id, method, params }));
    });
  }

  async close(): Promise<void> {
    if (this.#socket.destroyed) return;
    await new Promise<void>((resolve) => {
      this.#socket.once('close', () => resolve());
      setImmediate(() => this.#socket.end(() => this.#socket.destroy()));
    });
  }

  #dispatch(type: number, body: Buffer, sinks: FrameSinks): void {
    if (type === FRAME.acknowledge) sinks.acknowledged(body.readUInt32LE(0));
    else if (type === FRAME.deliver) {
      const message = { payload: body.subarray(9), redelivered: body[8] === 1, headers: undefined };
      sinks.delivered(body.readUInt32LE(0), body.readUInt32LE(4), message);
    } else if (type === FRAME.deliverWithHeaders) {
      const { headers, payload } = splitHeaders(body, 9);
      const message = { payload, redelivered: body[8] === 1, headers: decodeHeaders(headers) };
      sinks.delivered(body.readUInt32LE(0), body.readUInt32LE(4), message);
    } else if (type === FRAME.reply) {
      const reply = JSON.parse(body.toString()) as Reply;
      const waiting = this.#replies.get(reply.id);
      this.#replies.delete(reply.id);
      if (reply.error === undefined) waiting?.resolve(reply.result);
      else waiting?.reject(new Error(reply.error));
    }
  }
}

function decodeHeaders(json: Buffer): Headers {
  return JSON.parse(json.toString()) as Headers;
}

function closed(): Error {
  return new Error('connection to the memory broker closed');
}
