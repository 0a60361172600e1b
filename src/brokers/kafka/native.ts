import { randomBytes } from 'node:crypto';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../user-error.ts';
import type { Launch, NativeDefinition, Probe, Progress, Site } from '../broker.ts';
import { checkJava, fetchJars, requireJava, type JavaProduct } from '../jars.ts';
import { javaEnvironment, type Java } from '../java.ts';
import { isListening } from '../ports.ts';
import { runProgram } from '../program.ts';
import { serverProperties } from './properties.ts';
import { registeredBrokers } from './registered-brokers.ts';

export const kafkaVersion = '4.1.0';

/** Kafka is published to Maven as a library; the logging binding sends its log to stderr, that is to our file. */
const product: JavaProduct = {
  title: 'Kafka',
  name: 'kafka',
  version: kafkaVersion,
  // https://kafka.apache.org/41/operations/java-version/
  requiredJavaMajor: 17,
  artifacts: [
    ['org.apache.kafka', 'kafka_2.13', kafkaVersion],
    ['org.apache.kafka', 'kafka-tools', kafkaVersion],
    ['org.slf4j', 'slf4j-simple', '1.7.36'],
  ],
};

/** Ours: enough for the brokers beside their clients on a small machine. */
function heapOptions({ everyNode }: Site): readonly string[] {
  return everyNode.length === 1 ? ['-Xms512m', '-Xmx1g'] : ['-Xms256m', '-Xmx512m'];
}

/** The collector's settings are those of Kafka's own bin/kafka-run-class.sh. */
const jvmOptions = [
  '-server',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-XX:+ExplicitGCInvokesConcurrent',
  '-XX:MaxInlineLevel=15',
  '-Djava.awt.headless=true',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
];

/** Kafka from its jars, in a Java process of this machine. */
export const nativeKafka: NativeDefinition = { check: () => checkJava(product), prepare, ready };

async function prepare(site: Site, progress: Progress): Promise<Launch> {
  const java = await requireJava(product);
  const classPath = join(await fetchJars(product, progress), '*');
  const properties = join(site.directory, 'server.properties');
  await writeFile(properties, serverProperties(site));
  await formatOnce(java, classPath, properties, site, progress);
  return {
    file: java.path,
    args: [...heapOptions(site), ...jvmOptions, '-cp', classPath, 'kafka.Kafka', properties],
    environment: javaEnvironment(),
  };
}

/** KRaft needs a formatted directory; formatting again would fail, and the data is to be kept. */
async function formatOnce(
  java: Java,
  classPath: string,
  properties: string,
  site: Site,
  progress: Progress,
): Promise<void> {
  if (await exists(join(site.dataDir, 'meta.properties'))) return;
  progress.onProgress('formatting the data directory');
  const clusterId = await clusterIdOf(site);
  const args = ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties];
  const { exitCode, stdout, stderr } = await runProgram(java.path, args, {
    signal: progress.signal,
    environment: javaEnvironment(),
  });
  if (exitCode === 0) return;
  throw new UserError(`Kafka cannot format ${site.dataDir}: ${(stderr + stdout).trim()}`, {
    code: 'brokers.kafka-format',
    exitCode: 3,
    hint: 'mqbench down kafka deletes what is there',
  });
}

/** The same for every node, hence written down by the first that is formatted. */
async function clusterIdOf({ shared }: Site): Promise<string> {
  const file = join(shared, 'cluster-id');
  if (await exists(file)) return readFile(file, 'utf8');
  // a leading dash would be taken for an option; a cluster id is any 16 bytes in base64url
  const clusterId = Buffer.concat([Buffer.of(0), randomBytes(15)]).toString('base64url');
  await writeFile(file, clusterId);
  return clusterId;
}

async function ready({ log, ports, nodes, signal }: Probe): Promise<string | undefined> {
  if (!log.includes('Kafka Server started')) return undefined;
  const port = ports['broker'] ?? 0;
  if (!(await isListening(port))) return undefined;
  return nodes === 1 || (await registeredBrokers(port, signal)) === nodes ? kafkaVersion : undefined;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
