import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import type { Ports, Site } from './broker.ts';
import { brokerDirectory } from './home.ts';

/** The folder of a broker, which holds all of it: state, configuration, log and data. */
export function siteOf(name: string, ports: Ports): Site {
  const directory = brokerDirectory(name);
  return { directory, dataDir: join(directory, 'data'), ports };
}

export function logFileOf(name: string): string {
  return join(brokerDirectory(name), `${name}.log`);
}

export async function createSite(site: Site): Promise<void> {
  await makeFolder(site.dataDir);
}

export async function deleteSite(name: string): Promise<void> {
  await rm(brokerDirectory(name), { recursive: true, force: true });
}
