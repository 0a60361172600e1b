import { z } from 'zod';
import type { NatsConfig } from './config.ts';
import type { Syncing } from './contract.ts';
import { parseEndpoint } from './endpoint.ts';

const MONITOR_PORT = 8222;
const PATIENCE_MS = 2_000;

/** What of /jsz?config=1 is read; 2.9 has neither of the two sync fields. */
const jszSchema = z.object({
  server_id: z.string(),
  config: z.object({ sync_always: z.boolean().optional() }).optional(),
  meta_cluster: z.object({ cluster_size: z.number() }).optional(),
});
type Jsz = z.output<typeof jszSchema>;

export interface Monitored {
  readonly syncing: Syncing;
  /** members of the cluster by its own account; undefined where nobody answered, or there is no cluster */
  readonly nodes: number | undefined;
}

/** Asks the monitoring port of each server; one that does not answer is not seen to sync. */
export async function monitor(config: NatsConfig): Promise<Monitored> {
  const urls = config.monitorUrls ?? defaultUrls(config.url);
  const answers = (await Promise.all(urls.map(jsz))).filter((answer) => answer !== undefined);
  const nodes = answers.find((answer) => answer.meta_cluster !== undefined)?.meta_cluster?.cluster_size;
  const syncs = new Set(
    answers.filter((each) => each.config?.sync_always === true).map((each) => each.server_id),
  );
  return { nodes, syncing: syncs.size >= (nodes ?? 1) ? 'always' : 'not always' };
}

function defaultUrls(url: string): readonly string[] {
  const servers = parseEndpoint(url)?.servers ?? [];
  return servers.map((server) => `http://${server.slice(0, server.lastIndexOf(':'))}:${MONITOR_PORT}`);
}

async function jsz(url: string): Promise<Jsz | undefined> {
  try {
    const response = await fetch(new URL('/jsz?config=1', url), {
      signal: AbortSignal.timeout(PATIENCE_MS),
      // a connection that is kept would outlive the driver
      headers: { connection: 'close' },
    });
    return jszSchema.parse(await response.json());
  } catch {
    // the port need not be open, and something else may listen there: either way nothing is known
    return undefined;
  }
}
