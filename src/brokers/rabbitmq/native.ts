import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../make-folder.ts';
import { UserError } from '../../user-error.ts';
import type { Check, Launch, NativeDefinition, Probe, Site } from '../broker.ts';
import { isListening, loopback } from '../ports.ts';
import { enabledPlugins, rabbitmqConf } from './configuration.ts';
import { findServer } from './server.ts';

const serverRemedy = 'install RabbitMQ, for example with: apt-get install rabbitmq-server';

/** RabbitMQ as installed on this machine, as a node of our own beside any system service. */
export const nativeRabbitmq: NativeDefinition = { check, prepare, ready };

async function check(): Promise<Check> {
  const server = await findServer();
  if (server === undefined) return { usable: false, detail: 'no rabbitmq-server', remedy: serverRemedy };
  return { usable: true, detail: `RabbitMQ ${server.version ?? '(version unknown)'}` };
}

async function prepare(site: Site): Promise<Launch> {
  const server = await findServer();
  if (server === undefined) {
    throw new UserError('no rabbitmq-server found', {
      code: 'brokers.rabbitmq',
      exitCode: 3,
      hint: serverRemedy,
    });
  }
  const file = (name: string): string => join(site.directory, name);
  await makeFolder(site.dataDir);
  await writeFile(file('rabbitmq.conf'), rabbitmqConf(site));
  await writeFile(file('enabled_plugins'), enabledPlugins);
  // empty files stand in for the machine's own /etc/rabbitmq
  await writeFile(file('rabbitmq-env.conf'), '');
  await writeFile(file('advanced.config'), '[].\n');
  return {
    file: '/bin/sh',
    args: ['-c', startScript, server.path, String(site.ports['epmd'])],
    environment: {
      ...foreignEnvironment(),
      // Erlang keeps its cookie there
      HOME: site.directory,
      ERL_EPMD_PORT: String(site.ports['epmd']),
      ERL_EPMD_ADDRESS: loopback,
      RABBITMQ_NODENAME: 'mqbench@localhost',
      RABBITMQ_CONF_ENV_FILE: file('rabbitmq-env.conf'),
      RABBITMQ_CONFIG_FILE: file('rabbitmq.conf'),
      RABBITMQ_ADVANCED_CONFIG_FILE: file('advanced.config'),
      RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins'),
      RABBITMQ_MNESIA_BASE: site.dataDir,
      RABBITMQ_LOG_BASE: site.directory,
      RABBITMQ_DIST_PORT: String(site.ports['distribution']),
      // the distribution port listens on every address by default
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    },
  };
}

/**
 * Erlang would start its port mapper (epmd) as a daemon that outlives the broker. Started here first, it
 * stays in the broker's process group and dies with it.
 */
const startScript = 'epmd -port "$1" -address 127.0.0.1 & exec "$0"';

async function ready({ ports, signal }: Probe): Promise<string | undefined> {
  const version = await overviewVersion(ports['management'] ?? 0, signal);
  if (version === undefined) return undefined;
  return (await isListening(ports['broker'] ?? 0)) ? version : undefined;
}

const overview = z.object({ rabbitmq_version: z.string() });

/** Asks the management API, which answers once the node is up. */
async function overviewVersion(port: number, signal: AbortSignal): Promise<string | undefined> {
  const authorization = `Basic ${Buffer.from('guest:guest').toString('base64')}`;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(2000)]);
  try {
    const response = await fetch(`http://${loopback}:${port}/api/overview`, {
      headers: { authorization },
      signal: patience,
    });
    const body: unknown = await response.json();
    return response.ok ? overview.parse(body).rabbitmq_version : undefined;
  } catch {
    // refused, reset, timed out, half an answer: all of them mean that it is not ready yet
    return undefined;
  }
}

/** Settings of a system service in the user's shell are not meant for this node. */
function foreignEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).flatMap(([key, value]) =>
    value === undefined || /^(RABBITMQ_|ERL_|NOTIFY_SOCKET$)/.test(key) ? [] : [[key, value] as const],
  );
  return Object.fromEntries(entries);
}
