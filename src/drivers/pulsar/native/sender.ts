import type { Batching } from '../../../scenario/index.ts';
import type { OutgoingMessage } from '../../driver.ts';
import { SendError } from '../../errors.ts';
import type { Sender, SenderSettings } from '../client.ts';
import { closeTimeoutMs, maxPendingMessages, sendTimeoutMs } from '../limits.ts';
import { within } from '../../within.ts';
import type { BatchingConfig, NativeProducer, NativePulsar, ProducerConfig } from './api.ts';
import { outcomeOf } from './outcome.ts';

/** Beside its payloads, a batch has the metadata of each message and its own. */
const metadataBytes = 16 * 1024;

export class NativeSender implements Sender {
  readonly #producer: NativeProducer;

  static async open(client: NativePulsar, topic: string, settings: SenderSettings): Promise<NativeSender> {
    return new NativeSender(await client.createProducer(producerConfig(topic, settings)));
  }

  private constructor(producer: NativeProducer) {
    this.#producer = producer;
  }

  send({ key, payload, headers }: OutgoingMessage): Promise<void> {
    const message = {
      data: payload,
      ...(key === undefined ? {} : { partitionKey: key }),
      ...(headers === undefined ? {} : { properties: headers }),
    };
    try {
      return this.#producer.send(message).then(nothing, failSend);
    } catch (error) {
      return Promise.reject(error).catch(failSend);
    }
  }

  async close(): Promise<void> {
    // one that is closed already, or cannot reach its broker, has nothing more to lose
    await within(closeTimeoutMs, this.#producer.close(), 'closing a producer').catch(() => null);
  }
}

function nothing(): void {}

function failSend(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new SendError(outcomeOf(reason), reason, { cause: error });
}

/** The budget of batching in the client's words. */
export function producerConfig(
  topic: string,
  { batching, maxMessageBytes }: Pick<SenderSettings, 'batching' | 'maxMessageBytes'>,
): ProducerConfig {
  return {
    topic,
    sendTimeoutMs,
    maxPendingMessages,
    maxPendingMessagesAcrossPartitions: maxPendingMessages,
    // it would be the event loop that is blocked
    blockIfQueueFull: false,
    messageRoutingMode: 'RoundRobinDistribution',
    // over the bytes of the key, as the WebSocket API does; the default is another one in each client
    hashingScheme: 'Murmur3_32Hash',
    ...batchingConfig(batching, maxMessageBytes - metadataBytes),
  };
}

/** The client ends the process over a maximum below 2, and takes a delay of 0 for its default, which is 10 ms. */
function batchingConfig(
  { lingerMs, maxBatchBytes, maxBatchMessages }: Batching,
  maxBytes: number,
): BatchingConfig {
  if (maxBatchMessages < 2) return { batchingEnabled: false };
  return {
    batchingEnabled: true,
    batchingMaxPublishDelayMs: Math.max(1, Math.round(lingerMs)),
    batchingMaxMessages: maxBatchMessages,
    batchingMaxAllowedSizeInBytes: Math.max(1, Math.min(maxBatchBytes, maxBytes)),
  };
}
