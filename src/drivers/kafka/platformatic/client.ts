import { clientSoftwareVersion } from '@platformatic/kafka';
import type { KafkaAdmin, KafkaClient, Membership, Sender, GroupMember } from '../client.ts';
import type { KafkaConfig } from '../config.ts';
import type { ProducerSettings } from '../contract.ts';
import type { Inbox } from '../inbox.ts';
import { PlatformaticAdmin } from './admin.ts';
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

  openAdmin(): Promise<KafkaAdmin> {
    return Promise.resolve(new PlatformaticAdmin(this.#config));
  }

  openSender(topic: string, settings: ProducerSettings): Promise<Sender> {
    return PlatformaticSender.open(this.#config, topic, settings);
  }

  joinGroup(membership: Membership, inbox: Inbox, signal: AbortSignal): Promise<GroupMember> {
    return PlatformaticMember.join(this.#config, membership, inbox, signal);
  }
}
