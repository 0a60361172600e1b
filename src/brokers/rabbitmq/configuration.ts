import type { Site } from '../broker.ts';
import { loopback } from '../ports.ts';

/** `[...]. ` is an Erlang term: the plugins that are on. */
export const enabledPlugins = '[rabbitmq_management,rabbitmq_stream,rabbitmq_prometheus].\n';

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
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('');
}
