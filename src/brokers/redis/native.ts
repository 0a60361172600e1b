import { createConnection } from 'node:net';
import { makeFolder } from '../../make-folder.ts';
import { UserError } from '../../user-error.ts';
import type { Check, Launch, NativeDefinition, Probe, Site } from '../broker.ts';
import { loopback } from '../ports.ts';
import { findProgram, runProgram } from '../program.ts';

const serverRemedy = 'install Redis, for example with: apt-get install redis-server';
const probePatienceMs = 1000;

/** Redis as installed on this machine, as a process of our own beside any system service. */
export const nativeRedis: NativeDefinition = { check, prepare, ready };

const findServer = (): Promise<string | undefined> => findProgram('redis-server');

async function check(): Promise<Check> {
  const server = await findServer();
  if (server === undefined) return { usable: false, detail: 'no redis-server', remedy: serverRemedy };
  const { stdout } = await runProgram(server, ['--version']);
  return { usable: true, detail: `Redis ${/v=(\S+)/.exec(stdout)?.[1] ?? '(version unknown)'}` };
}

async function prepare(site: Site): Promise<Launch> {
  const server = await findServer();
  if (server === undefined) {
    throw new UserError('no redis-server found', { code: 'brokers.redis', exitCode: 3, hint: serverRemedy });
  }
  await makeFolder(site.dataDir);
  return {
    file: server,
    args: serverArguments(site),
    environment: { PATH: process.env['PATH'] ?? '', HOME: site.directory },
  };
}

/** What is not here keeps Redis's default: no configuration file is read. */
function serverArguments({ ports, dataDir }: Site): readonly string[] {
  const settings = {
    port: String(ports['broker']),
    bind: loopback,
    dir: dataDir,
    appendonly: 'yes',
    // Redis's default; the driver sets `always` for a contract that needs it
    appendfsync: 'everysec',
    // the append-only file is what is kept; snapshots would fork in the middle of a measurement
    save: '',
    daemonize: 'no',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

/** A server that still reads its append-only file answers PING with -LOADING. */
function ready({ ports, signal }: Probe): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: loopback, port: ports['broker'] ?? 0, signal });
    let answer = '';
    const finish = (version: string | undefined): void => {
      socket.destroy();
      resolve(version);
    };
    socket.setTimeout(probePatienceMs, () => finish(undefined));
    socket.on('error', () => finish(undefined));
    socket.on('close', () => finish(undefined));
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      const version = /redis_version:(\S+)/.exec(answer)?.[1];
      if (answer.startsWith('-')) finish(undefined);
      else if (answer.startsWith('+PONG') && version !== undefined) finish(version);
    });
    socket.write('PING\r\nINFO server\r\n');
  });
}
