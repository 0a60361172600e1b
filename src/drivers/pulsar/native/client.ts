import { UserError } from '../../../user-error.ts';
import type { ClientInfo } from '../../driver.ts';
import type {
  Inbox,
  PartitionLog,
  PulsarClient,
  Receiver,
  ReceiverSpec,
  Sender,
  SenderSettings,
} from '../client.ts';
import type { PulsarConfig } from '../config.ts';
import { openingHint, reasonOf } from '../failure.ts';
import { closeTimeoutMs, connectTimeoutMs, operationTimeoutMs } from '../limits.ts';
import { fullTopicName } from '../names.ts';
import { within } from '../../within.ts';
import type { NativePulsar } from './api.ts';
import { loadLibrary, type LoadedLibrary } from './library.ts';
import { readToEnd } from './log.ts';
import { NativeReceiver } from './receiver.ts';
import { NativeSender } from './sender.ts';

/** LogLevel.ERROR. What is logged goes nowhere: the library has no output but the log handler, and none is set. */
const errorsOnly = 3;

/**
 * The first client of a thread lends its log level to the library's logger by its address, for as long as the
 * thread lives (Client.cc: `logger.ctx = &this->logLevel`, and only the first logger is taken); so it must not
 * be collected.
 */
let first: NativePulsar | undefined;

/** npm's pulsar-client, around Pulsar's C++ client. One connection to each broker. */
export class NativeClient implements PulsarClient {
  readonly info: ClientInfo;
  readonly repeatsIds = true;
  readonly settings = {
    batchingType: 'DefaultBatching',
    batchingMaxPublishDelayMs: 'the linger, at least 1',
    batchIndexAckEnabled: true,
    receiverQueueSize: 'the window, over the partitions',
    messageRoutingMode: 'RoundRobinDistribution',
  };
  readonly #config: PulsarConfig;
  readonly #library: LoadedLibrary['library'];
  #client: NativePulsar | undefined;

  static async load(config: PulsarConfig): Promise<NativeClient> {
    return new NativeClient(config, await loadLibrary());
  }

  private constructor(config: PulsarConfig, { library, version }: LoadedLibrary) {
    this.#config = config;
    this.#library = library;
    this.info = { name: 'pulsar-client', version, transport: 'Pulsar protocol' };
  }

  maxPayloadBytes(): number {
    return Infinity;
  }

  openSender(topic: string, settings: SenderSettings): Promise<Sender> {
    const name = fullTopicName(this.#config, topic);
    return this.#opening(NativeSender.open(this.#connected(), name, settings));
  }

  openReceiver(spec: ReceiverSpec, inbox: Inbox): Promise<Receiver> {
    const name = fullTopicName(this.#config, spec.subscription.topic);
    return this.#opening(NativeReceiver.open(this.#connected(), name, spec, inbox));
  }

  async readPartition(
    { topic }: PartitionLog,
    onPayload: (payload: Buffer) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const reader = await this.#opening(
      this.#connected().createReader({
        topic: fullTopicName(this.#config, topic),
        startMessageId: this.#library.MessageId.earliest(),
        receiverQueueSize: 1000,
      }),
    );
    await readToEnd(reader, onPayload, signal);
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // what does not close is not waited for: its threads end with their last connection
    await within(closeTimeoutMs, client?.close() ?? Promise.resolve(null), 'closing').catch(() => null);
  }

  /** Connects when it is first used: a driver that only creates topics starts no thread. */
  #connected(): NativePulsar {
    const { serviceUrl, token } = this.#config;
    const { Client, AuthenticationToken } = this.#library;
    this.#client ??= new Client({
      serviceUrl,
      ...(token === undefined ? {} : { authentication: new AuthenticationToken({ token }) }),
      operationTimeoutSeconds: operationTimeoutMs / 1000,
      connectionTimeoutMs: connectTimeoutMs,
      ioThreads: 1,
      messageListenerThreads: 1,
      statsIntervalInSeconds: 0,
      logLevel: errorsOnly,
    });
    first ??= this.#client;
    return this.#client;
  }

  async #opening<T>(opening: Promise<T>): Promise<T> {
    try {
      return await opening;
    } catch (cause) {
      const reason = reasonOf(cause);
      throw new UserError(`pulsar at ${this.#config.serviceUrl}: ${reason}`, {
        code: 'pulsar.native',
        exitCode: 3,
        hint: openingHint(reason),
        cause,
      });
    }
  }
}
