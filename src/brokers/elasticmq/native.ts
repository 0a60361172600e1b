import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../make-folder.ts';
import type { Launch, NativeDefinition, Probe, Progress, Site } from '../broker.ts';
import { UserError } from '../../user-error.ts';
import { checkJava, fetchJars, requireJava, type JavaProduct } from '../jars.ts';
import { javaEnvironment } from '../java.ts';
import { loopback } from '../ports.ts';

export const elasticmqVersion = '1.6.14';

const product: JavaProduct = {
  title: 'ElasticMQ',
  name: 'elasticmq',
  version: elasticmqVersion,
  requiredJavaMajor: 11,
  artifacts: [['org.elasticmq', 'elasticmq-server_2.13', elasticmqVersion]],
};

const jvmOptions = ['-Xms128m', '-Xmx512m', '-Djava.awt.headless=true'];

/** ElasticMQ from its jars, in a Java process of this machine. */
export const nativeElasticmq: NativeDefinition = { check: () => checkJava(product), prepare, ready };

async function prepare(site: Site, progress: Progress): Promise<Launch> {
  const java = await requireJava(product);
  const classPath = join(await fetchJars(product, progress), '*');
  const configuration = join(site.directory, 'elasticmq.conf');
  // whoever looks at a broker's data finds it, be there anything stored or not
  await makeFolder(site.dataDir);
  await writeFile(configuration, elasticmqConf(site, await storeOf(site)));
  return {
    file: java.path,
    args: [...jvmOptions, `-Dconfig.file=${configuration}`, '-cp', classPath, 'org.elasticmq.server.Main'],
    environment: javaEnvironment(),
  };
}

type Store = 'memory' | 'disk';

/**
 * Where messages are kept: in memory, unless the environment says otherwise when the broker is started. One that
 * is started again after a fault keeps them where it did.
 *
 * @throws UserError for another word (exit code 2)
 */
async function storeOf(site: Site): Promise<Store> {
  const wish = process.env['MQBENCH_ELASTICMQ_STORE'] ?? 'memory';
  if (wish !== 'memory' && wish !== 'disk') {
    throw new UserError(`MQBENCH_ELASTICMQ_STORE: unknown store "${wish}"`, {
      code: 'brokers.elasticmq-store',
      exitCode: 2,
      hint: 'memory or disk',
    });
  }
  if (wish === 'disk') return 'disk';
  return access(`${storeFile(site)}.mv.db`).then(
    () => 'disk',
    () => 'memory',
  );
}

/** of H2, which adds its own ending */
function storeFile({ dataDir }: Site): string {
  return join(dataDir, 'messages');
}

/** What is not here keeps ElasticMQ's default: no queues, messages in memory only, the limits of AWS. */
function elasticmqConf(site: Site, store: Store): string {
  const broker = site.ports['broker'];
  return `include classpath("application.conf")
node-address { protocol = http, host = "${loopback}", port = ${broker}, context-path = "" }
rest-sqs { enabled = true, bind-port = ${broker}, bind-hostname = "${loopback}", sqs-limits = strict }
rest-stats { enabled = false }
${store === 'disk' ? storage(site) : ''}`;
}

/** H2 in a file, written before a message is acknowledged (WRITE_DELAY), and not emptied at a start. */
function storage(site: Site): string {
  const uri = `jdbc:h2:${storeFile(site)};WRITE_DELAY=0`;
  return `queues-storage { enabled = true, path = ${JSON.stringify(join(site.dataDir, 'queues.conf'))} }
messages-storage {
  enabled = true, driver-class = "org.h2.Driver", uri = ${JSON.stringify(uri)}
  username = "sa", password = "", prune-data-on-init = false
}
`;
}

async function ready({ ports, signal }: Probe): Promise<string | undefined> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(2000)]);
  try {
    const response = await fetch(`http://${loopback}:${ports['broker']}/health`, { signal: patience });
    return (await response.text()) === 'OK' && response.ok ? elasticmqVersion : undefined;
  } catch {
    // refused, reset, timed out: all of them mean that it is not ready yet
    return undefined;
  }
}
