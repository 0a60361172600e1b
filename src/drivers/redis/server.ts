import { UserError } from '../../user-error.ts';
import type { ServerInfo } from '../driver.ts';
import type { Wire } from './connection.ts';

/**
 * Who answers, by INFO.
 * @throws UserError for a server that this driver cannot use
 */
export async function readServer(wire: Wire, address: string): Promise<ServerInfo> {
  const info = parseInfo(String(await wire.call(['INFO'])));
  const version = info.get('redis_version') ?? '0.0.0';
  const refuse = (reason: string, hint: string): never => {
    throw new UserError(`Redis ${version} at ${address} ${reason}`, {
      code: 'driver.unusable-server',
      exitCode: 3,
      hint,
    });
  };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  // XAUTOCLAIM and XADD NOMKSTREAM
  if (major < 6 || (major === 6 && minor < 2)) refuse('is too old', 'Redis 6.2 or newer is needed');
  if (info.get('role') === 'slave')
    refuse('is a read-only replica', "name its master in the target's config");
  // the keys of one subscription would be on different nodes
  if (info.get('redis_mode') === 'cluster') refuse('is a cluster', 'use a server that is none');
  const nodes = 1 + Number(info.get('connected_slaves') ?? 0);
  return { address, product: 'Redis', version, nodes, emulated: false };
}

/** https://redis.io/docs/latest/commands/info/ */
function parseInfo(text: string): ReadonlyMap<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':') && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}
