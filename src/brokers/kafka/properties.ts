import type { Site } from '../broker.ts';
import { loopback } from '../ports.ts';

/**
 * server.properties of one broker that is its own controller. What is not here keeps Kafka's default
 * (message.max.bytes, flushing to disk by the operating system): a benchmark of other settings says so in
 * its topology, not here.
 */
export function serverProperties(site: Site): string {
  const { broker, controller } = site.ports;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${loopback}:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: `PLAINTEXT://${loopback}:${broker},CONTROLLER://${loopback}:${controller}`,
    'advertised.listeners': `PLAINTEXT://${loopback}:${broker},CONTROLLER://${loopback}:${controller}`,
    'log.dirs': site.dataDir,
    // a misspelt topic is an error, not a new topic with default settings
    'auto.create.topics.enable': false,
    'num.partitions': 1,
    // the default of 3 s would be waited for at the start of each trial
    'group.initial.rebalance.delay.ms': 0,
    // the internal topics default to three replicas, and there is one broker
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
