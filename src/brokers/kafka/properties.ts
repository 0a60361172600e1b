import type { Site } from '../broker.ts';
import { loopback } from '../ports.ts';

/** Of the internal topics in a cluster: one node may be away, as with the replicated contracts. */
const copies = 3;
const copiesInSync = 2;

/**
 * server.properties of a broker that is a controller too. What is not here keeps Kafka's default
 * (message.max.bytes, flushing to disk by the operating system): a benchmark of other settings says so in
 * its topology, not here.
 */
export function serverProperties(site: Site): string {
  const { broker, proxied, proxy, controller } = site.ports;
  const voters = site.everyNode.map((ports, index) => `${index + 1}@${loopback}:${ports['controller']}`);
  const isCluster = site.everyNode.length > 1;
  const replicas = isCluster ? copies : 1;
  const replicasInSync = isCluster ? copiesInSync : 1;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': site.node,
    'controller.quorum.voters': voters.join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: addressesOf({ PLAINTEXT: broker, PROXIED: proxied, CONTROLLER: controller }),
    // clients go where the listener that they came through sends them: past the proxy, or to it
    'advertised.listeners': addressesOf({ PLAINTEXT: broker, PROXIED: proxy, CONTROLLER: controller }),
    'log.dirs': site.dataDir,
    // the default of a minute: what a trial's topic takes of the disk would be let go of in the next trial
    'log.segment.delete.delay.ms': 1000,
    // a misspelt topic is an error, not a new topic with default settings
    'auto.create.topics.enable': false,
    'num.partitions': 1,
    // the default of 3 s would be waited for at the start of each trial
    'group.initial.rebalance.delay.ms': 0,
    // the internal topics default to three replicas, and there may be one broker
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': replicasInSync,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': replicasInSync,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

function addressesOf(listeners: Readonly<Record<string, number | undefined>>): string {
  return Object.entries(listeners)
    .map(([name, port]) => `${name}://${loopback}:${port}`)
    .join(',');
}
