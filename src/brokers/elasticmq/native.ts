import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../make-folder.ts';
import type { Launch, NativeDefinition, Probe, Progress, Site } from '../broker.ts';
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
  // nothing is stored in it; whoever looks at a broker's data finds it all the same
  await makeFolder(site.dataDir);
  await writeFile(configuration, elasticmqConf(site));
  return {
    file: java.path,
    args: [...jvmOptions, `-Dconfig.file=${configuration}`, '-cp', classPath, 'org.elasticmq.server.Main'],
    environment: javaEnvironment(),
  };
}

/** What is not here keeps ElasticMQ's default: no queues, messages in memory only, the limits of AWS. */
function elasticmqConf({ ports }: Site): string {
  const broker = ports['broker'];
  return `include classpath("application.conf")
node-address { protocol = http, host = "${loopback}", port = ${broker}, context-path = "" }
rest-sqs { enabled = true, bind-port = ${broker}, bind-hostname = "${loopback}", sqs-limits = strict }
rest-stats { enabled = false }
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
