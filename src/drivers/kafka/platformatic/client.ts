import { clientSoftwareVersion } from '@platformatic/kafka';
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
import { PlatformaticAdmin } from './admin.ts';
import { codeOf, leaves } from './errors.ts';
import { readLog } from './log.ts';
import { PlatformaticMember } from './member.ts';
import { PlatformaticSender } from './sender.ts';

export class PlatformaticClient implements KafkaClient {
  readonly info = {
    name: '@platformatic/kafka',
    version: clientSoftwareVersion,
    transport: 'Kafka protocol',
  };
  // fetch.ts names topics by their id, as this client does itself (KIP-516)
  readonly requires = [{ name: 'Fetch', key: 1, version: 13, since: '3.1' }];
  readonly #config: KafkaConfig;

  constructor(config: KafkaConfig) {
    this.#config = config;
  }

  failureIn(error: unknown): ClientFailure | undefined {
    const errors = leaves(error);
    const isOurs = [error, ...errors].some(
      (each) => each instanceof Error && 'code' in each && String(each.code).startsWith('PLT_KFK_'),
    );
    if (!isOurs) return undefined;
    const codes = errors.flatMap((each) => codeOf(each) ?? []);
    return { codes, message: errors.at(-1)?.message ?? '' };
  }

  openAdmin(): Promise<KafkaAdmin> {
    return Promise.resolve(new PlatformaticAdmin(this.#config));
  }

  openSender(topic: string, settings: ProducerSettings): Promise<Sender> {
    return PlatformaticSender.open(this.#config, topic, settings);
  }

  joinGroup(membership: Membership, inbox: Inbox, signal: AbortSignal): Promise<GroupMember> {
    return PlatformaticMember.join(this.#config, membership, inbox, signal);
  }

  readLog(log: LogRange, onPayload: (payload: Buffer) => void, signal: AbortSignal): Promise<void> {
    return readLog(this.#config, log, onPayload, signal);
  }
}
