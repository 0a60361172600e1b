import type { Site } from '../broker.ts';
import { loopback } from '../ports.ts';

/** `[...]. ` is an Erlang term: the plugins that are on. */
export const enabledPlugins = '[rabbitmq_management,rabbitmq_stream,rabbitmq_prometheus].\n';

/** Names of the nodes, in the order of their numbers; the only one of a broker bears no number. */
export function nodeNames({ everyNode }: Site): readonly string[] {
  return everyNode.map((_, index) => `mqbench${everyNode.length === 1 ? '' : index + 1}@localhost`);
}

/** rabbitmq.conf of one node. What is not here keeps RabbitMQ's default. */
export function rabbitmqConf(site: Site): string {
  const { broker, management, stream, prometheus } = site.ports;
  const settings = {
    'listeners.tcp.1': `${loopback}:${broker}`,
    'management.tcp.ip': loopback,
    'management.tcp.port': management,
    'stream.listeners.tcp.1': `${loopback}:${stream}`,
    'stream.advertised_host': loopback,
    'stream.advertised_port': stream,
    'prometheus.tcp.ip': loopback,
    'prometheus.tcp.port': prometheus,
    // queue lengths that the management API reports are at most this old, ms; the default is 5 s
    collect_statistics_interval: 1000,
    // below this much free disk the node blocks publishers; a developer's disk may be nearly full
    'disk_free_limit.absolute': '50MB',
    // into the one log file that the process was started with
    'log.console': true,
    'log.console.level': 'info',
    'log.console.use_colors': 'off',
    'log.file': false,
    ...clusterSettings(site),
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('');
}

/** The nodes find one another when they are started for the first time; later they know. */
function clusterSettings(site: Site): Readonly<Record<string, string>> {
  const names = nodeNames(site);
  if (names.length === 1) return {};
  return {
    'cluster_formation.peer_discovery_backend': 'classic_config',
    ...Object.fromEntries(
      names.map((name, index) => [`cluster_formation.classic_config.nodes.${index + 1}`, name]),
    ),
  };
}
