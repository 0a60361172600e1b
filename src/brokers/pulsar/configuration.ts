import type { Site } from '../broker.ts';
import { loopback } from '../ports.ts';

/**
 * standalone.conf, which the broker and its bookie both read. What is not here keeps Pulsar's default; that is
 * not always what the standalone.conf of Pulsar's own distribution says.
 */
export function standaloneConf(site: Site): string {
  const { broker, proxied, proxy, web, bookieAdmin } = site.ports;
  const settings = {
    clusterName: 'standalone',
    brokerServicePort: broker,
    webServicePort: web,
    bindAddress: loopback,
    // clients go where the listener that they came through sends them: past the proxy, or to it
    bindAddresses: `proxied:pulsar://${loopback}:${proxied}`,
    advertisedListeners: `direct:pulsar://${loopback}:${broker},direct:http://${loopback}:${web},proxied:pulsar://${loopback}:${proxy}`,
    internalListenerName: 'direct',
    webSocketServiceEnabled: true,
    // there is one bookie
    managedLedgerDefaultEnsembleSize: 1,
    managedLedgerDefaultWriteQuorum: 1,
    managedLedgerDefaultAckQuorum: 1,
    // a topic of a scenario may be idle for longer than the minute after which one is deleted
    brokerDeleteInactiveTopicsEnabled: false,
    // a misspelt topic is an error; and a consumer that is late does not create again what was deleted
    allowAutoTopicCreation: false,
    // else a batch of which one message is not settled is delivered again as a whole
    acknowledgmentAtBatchIndexLevelEnabled: true,
    // with one broker, all that it does is to unload topics in order to split their bundles
    loadBalancerEnabled: false,
    // the bookie's: stated, although they are the defaults, since its API tells only what is stated. Pulsar's
    // own standalone.conf turns journalSyncData off.
    journalSyncData: true,
    journalWriteData: true,
    httpServerEnabled: true,
    httpServerClass: 'org.apache.bookkeeper.http.vertx.VertxHttpServer',
    httpServerHost: loopback,
    httpServerPort: bookieAdmin,
    // without it the bookie takes another port at each start, and does not know its own data (BKCluster.java)
    allowEphemeralPorts: true,
    allowLoopback: true,
    narExtractionDirectory: site.dataDir,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
