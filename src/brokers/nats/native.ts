import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../user-error.ts';
import type { Check, Launch, NativeDefinition, Probe, Site } from '../broker.ts';
import { isListening, loopback } from '../ports.ts';
import { findProgram, runProgram } from '../program.ts';
import { natsServerConf } from './configuration.ts';

const remedy = 'install NATS, for example with: apt-get install nats-server';

/** NATS as installed on this machine, as a server of our own beside any system service. */
export const nativeNats: NativeDefinition = { check, prepare, ready };

/** Debian keeps it in /usr/sbin, which is not on everyone's PATH. */
function findServer(): Promise<string | undefined> {
  return findProgram('nats-server', '/usr/sbin/nats-server', '/usr/local/sbin/nats-server');
}

async function check(): Promise<Check> {
  const server = await findServer();
  if (server === undefined) return { usable: false, detail: 'no nats-server', remedy };
  const { stdout, stderr } = await runProgram(server, ['--version']);
  const version = /v(\d+\.\d+\.\d+\S*)/.exec(stdout + stderr)?.[1];
  return { usable: true, detail: `NATS ${version ?? '(version unknown)'}` };
}

async function prepare(site: Site): Promise<Launch> {
  const server = await findServer();
  if (server === undefined) {
    throw new UserError('no nats-server found', { code: 'brokers.nats', exitCode: 3, hint: remedy });
  }
  const file = join(site.directory, 'nats-server.conf');
  await writeFile(file, natsServerConf(site));
  return { file: server, args: ['--config', file], environment: { PATH: process.env['PATH'] ?? '' } };
}

const varz = z.object({ version: z.string(), jetstream: z.object({ config: z.object({}) }) });

async function ready({ ports, signal }: Probe): Promise<string | undefined> {
  const version = await serverVersion(ports['monitor'] ?? 0, signal);
  if (version === undefined) return undefined;
  return (await isListening(ports['broker'] ?? 0)) ? version : undefined;
}

/** Asks the monitoring port, which answers before clients are served, and tells of JetStream once that is up. */
async function serverVersion(port: number, signal: AbortSignal): Promise<string | undefined> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(2000)]);
  try {
    const response = await fetch(`http://${loopback}:${port}/varz`, { signal: patience });
    return varz.parse(await response.json()).version;
  } catch {
    // refused, reset, timed out, half an answer: all of them mean that it is not ready yet
    return undefined;
  }
}
