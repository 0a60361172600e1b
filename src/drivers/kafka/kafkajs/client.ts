import { createRequire } from 'node:module';
import type { ClientInfo } from '../../driver.ts';
import type {
  ClientFailure,
  GroupMember,
  KafkaAdmin,
  KafkaClient,
  LogRange,
  Membership,
  Sender,
} from '../client.ts';
import type { KafkaConfig } from '../config.ts';
import type { ProducerSettings } from '../contract.ts';
import type { Inbox } from '../inbox.ts';
import { KafkajsAdmin } from './admin.ts';
import { chain, codesOf } from './errors.ts';
import { readLog } from './log.ts';
import { KafkajsMember } from './member.ts';
import { silenceNegativeTimer } from './negative-timer.ts';
import { KafkajsSender } from './sender.ts';

const { version } = createRequire(import.meta.url)('kafkajs/package.json') as { readonly version: string };

// once a thread: this module is loaded when a target uses kafkajs, and before any connection of it
silenceNegativeTimer();

/** https://kafka.apache.org/protocol#protocol_error_codes */
const coordinatorNotAvailable = 15;

export class KafkajsClient implements KafkaClient {
  readonly info: ClientInfo = { name: 'kafkajs', version, transport: 'Kafka protocol' };
  readonly requires = [];
  readonly #config: KafkaConfig;

  constructor(config: KafkaConfig) {
    this.#config = config;
  }

  failureIn(error: unknown): ClientFailure | undefined {
    const errors = chain(error);
    if (!errors.some(({ name }) => name.startsWith('KafkaJS'))) return undefined;
    // what the broker answered to FindCoordinator is lost in Cluster.findGroupCoordinatorMetadata
    if (errors.some(({ name }) => name === 'KafkaJSGroupCoordinatorNotFound')) {
      const message = 'it has no coordinator of the group, or this user may not describe the group';
      return { codes: [coordinatorNotAvailable], message };
    }
    return { codes: codesOf(error), message: errors.at(-1)?.message ?? '' };
  }

  openAdmin(signal: AbortSignal): Promise<KafkaAdmin> {
    return KafkajsAdmin.open(this.#config, signal);
  }

  openSender(topic: string, settings: ProducerSettings): Promise<Sender> {
    return KafkajsSender.open(this.#config, topic, settings);
  }

  joinGroup(membership: Membership, inbox: Inbox, signal: AbortSignal): Promise<GroupMember> {
    return KafkajsMember.join(this.#config, membership, inbox, signal);
  }

  readLog(log: LogRange, onPayload: (payload: Buffer) => void, signal: AbortSignal): Promise<void> {
    return readLog(this.#config, log, onPayload, signal);
  }
}
