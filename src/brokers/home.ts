import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where mqbench keeps started brokers and fetched software: a cache, safe to delete while nothing runs. */
export function homeDirectory(): string {
  const own = process.env['MQBENCH_HOME'];
  if (own !== undefined && own !== '') return resolve(own);
  const cache = process.env['XDG_CACHE_HOME'];
  return join(cache !== undefined && cache !== '' ? resolve(cache) : join(homedir(), '.cache'), 'mqbench');
}

/** Fetched software. MQBENCH_LIB lets several homes share it, so that tests need not fetch it each time. */
export function libraryDirectory(): string {
  const own = process.env['MQBENCH_LIB'];
  return own !== undefined && own !== '' ? resolve(own) : join(homeDirectory(), 'lib');
}

/** The folder of one started broker: its state, log, configuration and data. */
export function brokerDirectory(name: string): string {
  return join(homeDirectory(), 'brokers', name);
}
