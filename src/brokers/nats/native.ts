import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../user-error.ts';
import type { Check, Launch, NativeDefinition, Probe, Site } from '../broker.ts';
import { isListening, loopback } from '../ports.ts';
import { findProgram, runProgram } from '../program.ts';
import { natsServerConf, type Sync } from './configuration.ts';

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
  return { usable: true, detail: `NATS ${(await versionOf(server)) ?? '(version unknown)'}` };
}

async function versionOf(server: string): Promise<string | undefined> {
  const { stdout, stderr } = await runProgram(server, ['--version']);
  return /v(\d+\.\d+\.\d+\S*)/.exec(stdout + stderr)?.[1];
}

async function prepare(site: Site): Promise<Launch> {
  const server = await findServer();
  if (server === undefined) {
    throw new UserError('no nats-server found', { code: 'brokers.nats', exitCode: 3, hint: remedy });
  }
  const file = join(site.directory, 'nats-server.conf');
  await writeFile(file, natsServerConf(site, await syncOf(server, file)));
  return { file: server, args: ['--config', file], environment: { PATH: process.env['PATH'] ?? '' } };
}

/**
 * As the environment says when the broker is started; one that is started again after a fault, by somebody who may
 * not know of it, keeps to its file.
 *
 * @throws UserError for another word (exit code 2), and where the server is too old (3)
 */
async function syncOf(server: string, file: string): Promise<Sync> {
  const wish = process.env['MQBENCH_NATS_SYNC'];
  if (wish === undefined || wish === '') {
    const former = await readFile(file, 'utf8').catch(() => '');
    return former.includes('sync_interval: always') ? 'always' : 'default';
  }
  if (wish !== 'default' && wish !== 'always') {
    throw new UserError(`MQBENCH_NATS_SYNC: unknown value "${wish}"`, {
      code: 'brokers.nats-sync',
      exitCode: 2,
      hint: 'default or always',
    });
  }
  const version = await versionOf(server);
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (wish === 'always' && (major < 2 || (major === 2 && minor < 10))) {
    throw new UserError(
      `MQBENCH_NATS_SYNC: NATS ${version ?? '(version unknown)'} cannot sync before it answers`,
      {
        code: 'brokers.nats-sync',
        exitCode: 3,
        hint: 'put a nats-server of 2.10 or later first on PATH',
      },
    );
  }
  return wish;
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
