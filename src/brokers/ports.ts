import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { promisify } from 'node:util';
import { UserError } from '../user-error.ts';
import type { BrokerDefinition, Ports } from './broker.ts';
import { commandOf, onLinux } from './process.ts';

const highestPort = 65_535;
export const loopback = '127.0.0.1';

/**
 * The ports of a broker, all moved up by the same offset.
 * @param reserve how far above them further nodes reach
 * @throws {UserError} `brokers.port-offset` (exit code 2) when one would leave the range of ports
 */
export function shiftedPorts(defaults: Ports, offset: number, reserve = 0): Ports {
  const limit = highestPort - reserve - Math.max(...Object.values(defaults));
  if (!Number.isInteger(offset) || offset < 0 || offset > limit) {
    throw new UserError(`port offset ${offset} is out of range`, {
      code: 'brokers.port-offset',
      exitCode: 2,
      hint: `use a whole number from 0 to ${limit}`,
    });
  }
  return Object.fromEntries(Object.entries(defaults).map(([use, port]) => [use, port + offset]));
}

/**
 * How far the ports of a node lie above those of the node before it: none of them is then that of another
 * broker, or of another use (test/brokers/ports.test.ts).
 */
const nodeStep = 100;

/**
 * The ports of each node of a broker. Those that the nodes share stay where the first node has them.
 * @throws {UserError} `brokers.port-offset` (exit code 2) when one would leave the range of ports
 */
export function portsOfNodes(
  { defaultPorts, cluster }: Pick<BrokerDefinition, 'defaultPorts' | 'cluster'>,
  offset: number,
  nodes: number,
): readonly Ports[] {
  const first = shiftedPorts(defaultPorts, offset, (nodes - 1) * nodeStep);
  return Array.from({ length: nodes }, (_, index) =>
    Object.fromEntries(
      Object.entries(first).map(([use, port]) => [
        use,
        cluster?.sharedPorts.includes(use) ? port : port + index * nodeStep,
      ]),
    ),
  );
}

/** The ports that a node does not share with the others. */
export function ownPorts({ cluster }: Pick<BrokerDefinition, 'cluster'>, ports: Ports): Ports {
  return Object.fromEntries(Object.entries(ports).filter(([use]) => !cluster?.sharedPorts.includes(use)));
}

/**
 * Makes sure that a broker can listen.
 * @throws {UserError} `brokers.port-in-use` (exit code 3) with the port, and its owner where that is visible
 */
export async function requireFreePorts(title: string, ports: Ports): Promise<void> {
  for (const [use, port] of Object.entries(ports)) {
    if (await isFree(port)) continue;
    const owner = await ownerOf(port);
    const by = owner === undefined ? 'another process' : `${owner.command} (process ${owner.pid})`;
    throw new UserError(`port ${port} (${title} ${use}) is in use by ${by}`, {
      code: 'brokers.port-in-use',
      exitCode: 3,
      hint: 'stop that process, or start ours on other ports beforehand: mqbench up --port-offset 1000',
    });
  }
}

/** Whether something accepts connections there. */
export async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: loopback, port, timeout: 1000 });
    const finish = (listening: boolean): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
  });
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ host: loopback, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

interface Owner {
  readonly pid: number;
  readonly command: string;
}

/** Who listens on the port, or undefined where that is not ours to see. */
async function ownerOf(port: number): Promise<Owner | undefined> {
  const pid = onLinux ? await listenerByProc(port) : await listenerByLsof(port);
  if (pid === undefined) return undefined;
  return { pid, command: (await commandOf(pid)) ?? 'a process' };
}

/** proc(5): /proc/net/tcp names the socket of each listener, /proc/<pid>/fd the sockets of each process. */
async function listenerByProc(port: number): Promise<number | undefined> {
  const inodes = new Set((await Promise.all(['tcp', 'tcp6'].map((table) => listeners(table, port)))).flat());
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  for (const pid of pids) {
    if ((await socketsOf(pid)).some((inode) => inodes.has(inode))) return pid;
  }
  return undefined;
}

async function listeners(table: string, port: number): Promise<string[]> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const text = await readOrEmpty(() => readFile(`/proc/net/${table}`, 'utf8'), '');
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${hexPort}`) === true && fields[3] === '0A')
    .map((fields) => fields[9] ?? '');
}

async function socketsOf(pid: number): Promise<string[]> {
  const files = await readOrEmpty(() => readdir(`/proc/${pid}/fd`), []);
  const targets = await Promise.all(
    files.map((file) => readOrEmpty(() => readlink(`/proc/${pid}/fd/${file}`), '')),
  );
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
}

/** Processes come and go while they are looked at, and most are somebody else's: both read as nothing. */
async function readOrEmpty<T>(read: () => Promise<T>, empty: T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'EINVAL'].includes(code)) return empty;
    throw error;
  }
}

async function listenerByLsof(port: number): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN']);
    const pid = Number.parseInt(stdout, 10);
    return Number.isNaN(pid) ? undefined : pid;
  } catch (error) {
    // not installed, or nothing to be seen: the message does without the owner
    if ((error as { code?: unknown }).code === 'ENOENT' || (error as { code?: unknown }).code === 1)
      return undefined;
    throw error;
  }
}
