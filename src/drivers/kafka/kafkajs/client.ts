import { createRequire } from 'node:module';
import type { ClientInfo } from '../../driver.ts';
import type { GroupMember, KafkaAdmin, KafkaClient, Membership, Sender } from '../client.ts';
import type { KafkaConfig } from '../config.ts';
import type { ProducerSettings } from '../contract.ts';
import type { Inbox } from '../inbox.ts';
import { KafkajsAdmin } from './admin.ts';
import { KafkajsMember } from './member.ts';
import { KafkajsSender } from './sender.ts';

const { version } = createRequire(import.meta.url)('kafkajs/package.json') as { readonly version: string };

export class KafkajsClient implements KafkaClient {
  readonly info: ClientInfo = { name: 'kafkajs', version };
  readonly #config: KafkaConfig;

  constructor(config: KafkaConfig) {
    this.#config = config;
  }

  openAdmin(): Promise<KafkaAdmin> {
    return KafkajsAdmin.open(this.#config);
  }

  openSender(topic: string, settings: ProducerSettings): Promise<Sender> {
    return KafkajsSender.open(this.#config, topic, settings);
  }

  joinGroup(membership: Membership, inbox: Inbox, signal: AbortSignal): Promise<GroupMember> {
    return KafkajsMember.join(this.#config, membership, inbox, signal);
  }
}
