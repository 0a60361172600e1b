import { readFile } from 'node:fs/promises';
import { UserError } from '../../../user-error.ts';
import type { Settings } from '../admin.ts';
import type { ClientInfo } from '../../driver.ts';
import type {
  Inbox,
  PulsarClient,
  Receiver,
  ReceiverSpec,
  Sender,
  SenderSettings,
  PartitionLog,
} from '../client.ts';
import type { PulsarConfig } from '../config.ts';
import { reasonOf, unreachable } from '../failure.ts';
import { maxPayloadBytes } from './frame.ts';
import { readPartition } from './log.ts';
import { WebSocketReceiver } from './receiver.ts';
import { WebSocketSender } from './sender.ts';
import { HandshakeRefused, Socket } from './socket.ts';

/**
 * Pulsar's WebSocket API: a servlet of the broker with a Java client behind it, to which each producer and each
 * consumer has a connection of its own. https://pulsar.apache.org/docs/4.0.x/client-libraries-websocket/
 */
export class WebSocketClient implements PulsarClient {
  readonly info: ClientInfo;
  readonly repeatsIds = false;
  readonly settings = {
    // a batch would be settled as a whole: the servlet's consumer does not know the index of a message
    batchingEnabled: false,
    receiverQueueSize: 'the window',
    messageRoutingMode: 'RoundRobinPartition',
  };
  readonly #config: PulsarConfig;

  static async load(config: PulsarConfig): Promise<WebSocketClient> {
    const file = new URL('package.json', import.meta.resolve('ws'));
    const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
    return new WebSocketClient(config, { name: 'ws', version, transport: 'WebSocket' });
  }

  private constructor(config: PulsarConfig, info: ClientInfo) {
    this.#config = config;
    this.info = info;
  }

  maxPayloadBytes(brokerSettings: Settings | undefined): number {
    return maxPayloadBytes(brokerSettings?.['webSocketMaxTextFrameSize']);
  }

  openSender(topic: string, { signal }: SenderSettings): Promise<Sender> {
    return this.#opening(WebSocketSender.open(this.#config, topic, signal));
  }

  openReceiver(spec: ReceiverSpec, inbox: Inbox): Promise<Receiver> {
    return this.#opening(WebSocketReceiver.open(this.#config, spec, inbox));
  }

  readPartition(log: PartitionLog, onPayload: (payload: Buffer) => void, signal: AbortSignal): Promise<void> {
    return readPartition(this.#config, log, onPayload, signal, (options) =>
      this.#opening(Socket.open(options)),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #opening<T>(opening: Promise<T>): Promise<T> {
    try {
      return await opening;
    } catch (cause) {
      const { host } = new URL(this.#config.webSocketUrl ?? this.#config.adminUrl);
      if (!(cause instanceof HandshakeRefused)) throw unreachable(host, cause);
      throw new UserError(`pulsar at ${host} refused the WebSocket: ${reasonOf(cause)}`, {
        code: 'pulsar.websocket',
        exitCode: 3,
        hint:
          cause.status === 401 || cause.status === 403
            ? "check the token in the target's configuration, and what it may produce and consume"
            : 'the broker needs webSocketServiceEnabled=true',
        cause,
      });
    }
  }
}
