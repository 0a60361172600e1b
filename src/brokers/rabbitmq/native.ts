import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../make-folder.ts';
import { UserError } from '../../user-error.ts';
import type { Check, Launch, NativeDefinition, Probe, Site } from '../broker.ts';
import { isListening, loopback } from '../ports.ts';
import { enabledPlugins, nodeNames, rabbitmqConf } from './configuration.ts';
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
  await writeCookieOnce(site);
  return {
    file: '/bin/sh',
    args: ['-c', startScript, server.path, String(site.ports['epmd'])],
    environment: {
      ...foreignEnvironment(),
      // Erlang looks for its cookie there
      HOME: site.shared,
      ERL_EPMD_PORT: String(site.ports['epmd']),
      ERL_EPMD_ADDRESS: loopback,
      RABBITMQ_NODENAME: nodeNames(site)[site.node - 1] ?? '',
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

/** What nodes know one another by; Erlang makes one, but each node its own when several start at once. */
async function writeCookieOnce({ shared }: Site): Promise<void> {
  try {
    const cookie = randomBytes(20).toString('hex');
    await writeFile(join(shared, '.erlang.cookie'), cookie, { mode: 0o400, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * Erlang would start its port mapper (epmd) as a daemon that outlives the broker. Started here first, it
 * stays in the process group of the node and dies with it. The nodes of a cluster share one: each tries to
 * start it over and over, so that another node's takes over when the one that had it is killed.
 */
const startScript =
  '(while :; do epmd -port "$1" -address 127.0.0.1 >/dev/null 2>&1; sleep 1; done) & exec "$0"';

async function ready({ ports, nodes, signal }: Probe): Promise<string | undefined> {
  const port = ports['management'] ?? 0;
  const version = (await ask(port, 'overview', overview, signal))?.rabbitmq_version;
  if (version === undefined || !(await isListening(ports['broker'] ?? 0))) return undefined;
  const members = await ask(port, 'nodes?columns=name,running', membership, signal);
  return members?.filter(({ running }) => running).length === nodes ? version : undefined;
}

const overview = z.object({ rabbitmq_version: z.string() });
const membership = z.array(z.object({ running: z.boolean() }));

/** Asks the management API, which answers once the node is up. */
async function ask<T>(
  port: number,
  path: string,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  const authorization = `Basic ${Buffer.from('guest:guest').toString('base64')}`;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(2000)]);
  try {
    const response = await fetch(`http://${loopback}:${port}/api/${path}`, {
      headers: { authorization },
      signal: patience,
    });
    const body: unknown = await response.json();
    return response.ok ? schema.parse(body) : undefined;
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
