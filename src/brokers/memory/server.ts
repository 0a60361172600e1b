import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Metronome, nowNs } from '../../clock/index.ts';
import {
  acknowledgeFrame,
  deliverFrame,
  FRAME,
  FrameReader,
  FrameWriter,
  jsonFrame,
  SETTLEMENTS,
  splitHeaders,
} from '../../drivers/memory/index.ts';
import { Topic, type TopicOptions } from './topic.ts';
import type { SubscriptionQueue } from './subscription-queue.ts';

interface Attachment {
  readonly queue: SubscriptionQueue;
  readonly peer: Peer;
}

interface Peer {
  readonly socket: Socket;
  readonly writer: FrameWriter;
}

type Params = Readonly<Record<string, unknown>>;

/** Serves topics in memory over TCP, delivering at the due time to about 0.1 ms. */
export class MemoryServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #peers = new Set<Peer>();
  readonly #topics: (Topic | undefined)[] = [];
  readonly #consumers = new Map<number, Attachment>();
  #metronome: Metronome | undefined;
  #nextConsumer = 1;
  #stalledUntilNs = 0;
  #deliveryDue = false;
  #alarmNs = Infinity;

  private constructor() {
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async start(): Promise<MemoryServer> {
    const server = new MemoryServer();
    server.#metronome = await Metronome.start(() => server.#wake());
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.#peers) peer.socket.destroy();
    for (const topic of this.#topics) topic?.[Symbol.dispose]();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await this.#metronome?.[Symbol.asyncDispose]();
  }

  #accept(socket: Socket): void {
    const peer: Peer = { socket, writer: new FrameWriter((data) => socket.write(data)) };
    const reader = new FrameReader((type, body) => this.#handle(peer, type, body));
    this.#peers.add(peer);
    socket.setNoDelay(true);
    if (this.#stalledUntilNs > 0) socket.pause();
    socket.on('data', (chunk: Buffer) => {
      reader.push(chunk);
      this.#watchStall();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#peers.delete(peer);
      for (const [id, attachment] of this.#consumers) if (attachment.peer === peer) this.#detach(id);
    });
  }

  #handle(peer: Peer, type: number, body: Buffer): void {
    if (type === FRAME.publish) {
      const payloadStart = 7 + body.readUInt16LE(5);
      const topic = this.#topics[body[4] ?? -1];
      topic?.publish(body.toString('utf8', 7, payloadStart), body.subarray(payloadStart), nowNs());
      peer.writer.push(acknowledgeFrame(body.readUInt32LE(0)));
    } else if (type === FRAME.publishWithHeaders) {
      const keyEnd = 7 + body.readUInt16LE(5);
      const { headers, payload } = splitHeaders(body, keyEnd);
      const topic = this.#topics[body[4] ?? -1];
      topic?.publish(body.toString('utf8', 7, keyEnd), payload, nowNs(), headers);
      peer.writer.push(acknowledgeFrame(body.readUInt32LE(0)));
    } else if (type === FRAME.settle) {
      const id = body.readUInt32LE(0);
      const settlement = SETTLEMENTS[body[8] ?? 0] ?? 'done';
      this.#consumers.get(id)?.queue.settle(id, body.readUInt32LE(4), settlement);
    } else if (type === FRAME.request) this.#answer(peer, body);
    this.#deliverSoon();
  }

  #answer(peer: Peer, body: Buffer): void {
    const request = JSON.parse(body.toString()) as { id: number; method: string; params: Params };
    try {
      const result = this.#call(peer, request.method, request.params);
      peer.writer.push(jsonFrame(FRAME.reply, { id: request.id, result }));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      peer.writer.push(jsonFrame(FRAME.reply, { id: request.id, error: text }));
    }
  }

  #call(peer: Peer, method: string, params: Params): unknown {
    switch (method) {
      case 'createTopic':
        // a second one of the name would hide behind the first, and be deleted with it
        if (this.#topics.some((each) => each?.name === params['name']))
          throw new Error(`topic ${String(params['name'])} already exists`);
        this.#topics.push(new Topic(params as unknown as TopicOptions));
        return null;
      case 'deleteTopics':
        return this.#deleteTopics(String(params['prefix']));
      case 'openProducer':
        return this.#topics.indexOf(this.#topic(params));
      case 'reserveConsumer':
        return this.#nextConsumer++;
      case 'subscribe':
        return this.#subscribe(peer, params);
      case 'unsubscribe':
        return this.#detach(Number(params['id']));
      case 'pause':
      case 'resume': {
        const id = Number(params['id']);
        this.#consumers.get(id)?.queue.setPaused(id, method === 'pause' ? 'paused' : 'running');
        return null;
      }
      case 'backlog':
        return this.#queue(params).backlog;
      case 'readLog':
        return this.#readLog(peer, params);
      case 'truth':
        return this.#topic(params).truth();
      case 'flush':
        return null;
      default:
        throw new Error(`memory broker: unknown method ${method}`);
    }
  }

  #subscribe(peer: Peer, params: Params): null {
    const id = Number(params['id']);
    const topic = this.#topic(params);
    const queue = this.#queue(params);
    this.#consumers.set(id, { queue, peer });
    queue.join({
      id,
      window: Number(params['window']),
      deliver: (delivery, message) => {
        topic.delivering(message, nowNs());
        peer.writer.push(
          deliverFrame(id, delivery, message.redelivered ? 1 : 0, message.payload, message.headers),
        );
      },
    });
    return null;
  }

  /** Sends a stretch of the log as deliveries to settle which there is no need; returns how many there were. */
  #readLog(peer: Peer, params: Params): number {
    const payloads = this.#topic(params).log(Number(params['from']), Number(params['count']));
    for (const payload of payloads) peer.writer.push(deliverFrame(Number(params['id']), 0, 0, payload));
    return payloads.length;
  }

  #detach(id: number): null {
    this.#consumers.get(id)?.queue.leave(id);
    this.#consumers.delete(id);
    return null;
  }

  #deleteTopics(prefix: string): readonly string[] {
    const deleted: string[] = [];
    for (const [index, topic] of this.#topics.entries()) {
      if (topic === undefined || !topic.name.startsWith(prefix)) continue;
      topic[Symbol.dispose]();
      deleted.push(topic.name);
      // the place stays taken: its number is the topic's name in publish frames
      this.#topics[index] = undefined;
    }
    return deleted;
  }

  #topic(params: Params): Topic {
    const topic = this.#topics.find((each) => each?.name === params['topic']);
    if (topic === undefined) throw new Error(`memory broker: no topic ${String(params['topic'])}`);
    return topic;
  }

  #queue(params: Params): SubscriptionQueue {
    const queue = this.#topic(params).subscriptions.get(String(params['subscription']));
    if (queue === undefined)
      throw new Error(`memory broker: no subscription ${String(params['subscription'])}`);
    return queue;
  }

  /** Once a turn, after all frames of the turn. */
  #deliverSoon(): void {
    if (this.#deliveryDue) return;
    this.#deliveryDue = true;
    queueMicrotask(() => this.#deliver());
  }

  #deliver(): void {
    this.#deliveryDue = false;
    if (this.#stalledUntilNs > 0) return;
    let nextNs = Infinity;
    const now = nowNs();
    for (const topic of this.#topics) {
      for (const queue of topic?.subscriptions.values() ?? []) nextNs = Math.min(nextNs, queue.deliver(now));
    }
    this.#setAlarm(nextNs);
  }

  /** Setting it anew wakes the metronome's thread, so it is left alone when the time is the same. */
  #setAlarm(timeNs: number): void {
    if (timeNs === this.#alarmNs || timeNs === Infinity) return;
    this.#alarmNs = timeNs;
    this.#metronome?.wakeAt(timeNs);
  }

  /** Stands still while a topic says so: reads nothing, acknowledges nothing, delivers nothing. */
  #watchStall(): void {
    const now = nowNs();
    for (const topic of this.#topics) {
      const stall = topic?.stall();
      if (stall === undefined || now < stall.fromNs || now >= stall.toNs) continue;
      this.#stalledUntilNs = stall.toNs;
      for (const peer of this.#peers) peer.socket.pause();
      this.#setAlarm(stall.toNs);
    }
  }

  #wake(): void {
    this.#alarmNs = Infinity;
    if (nowNs() < this.#stalledUntilNs) {
      this.#setAlarm(this.#stalledUntilNs);
      return;
    }
    if (this.#stalledUntilNs > 0) {
      this.#stalledUntilNs = 0;
      for (const peer of this.#peers) peer.socket.resume();
    }
    this.#deliver();
  }
}
