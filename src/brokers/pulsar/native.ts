import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Launch, NativeDefinition, Probe, Progress, Site } from '../broker.ts';
import { checkJava, fetchJars, requireJava, type JavaProduct } from '../jars.ts';
import { javaEnvironment } from '../java.ts';
import { isListening, loopback } from '../ports.ts';
import { standaloneConf } from './configuration.ts';

/** Later ones of 4.0 have dependencies that are not on Maven Central (jetcd-core-shaded, pulsar-opentelemetry). */
export const pulsarVersion = '4.0.0';

const product: JavaProduct = {
  title: 'Pulsar',
  name: 'pulsar',
  version: pulsarVersion,
  // https://pulsar.apache.org/docs/4.0.x/getting-started-standalone/
  requiredJavaMajor: 17,
  artifacts: [['org.apache.pulsar', 'pulsar-broker', pulsarVersion]],
};

/** Packages of the JDK that Pulsar and Netty look into: OPTS of Pulsar's own bin/pulsar. */
const openPackages = [
  'java.base/jdk.internal.loader',
  'java.base/java.nio',
  'java.base/java.lang',
  'java.base/java.util',
  'java.base/java.util.zip',
  'java.base/sun.net',
  'java.base/jdk.internal.platform',
  'java.management/sun.management',
  'jdk.management/com.sun.management.internal',
];

/**
 * Heap and direct memory are ours: enough for one broker with its bookie beside their clients on a small
 * machine.
 */
const jvmOptions = [
  '-Xms512m',
  '-Xmx1g',
  '-XX:MaxDirectMemorySize=1g',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-Djava.awt.headless=true',
  '-Dio.netty.tryReflectionSetAccessible=true',
  ...openPackages.flatMap((each) => ['--add-opens', `${each}=ALL-UNNAMED`]),
];

/** Pulsar from its jars: broker, bookie and metadata in a Java process of this machine. */
export const nativePulsar: NativeDefinition = { check: () => checkJava(product), prepare, ready };

async function prepare(site: Site, progress: Progress): Promise<Launch> {
  const java = await requireJava(product);
  const classPath = join(await fetchJars(product, progress), '*');
  const configuration = join(site.directory, 'standalone.conf');
  await writeFile(configuration, standaloneConf(site));
  const main = ['-cp', classPath, 'org.apache.pulsar.PulsarStandaloneStarter', '-c', configuration];
  const parts = ['--no-functions-worker', '--no-stream-storage', '--num-bookies', '1'];
  const bookie = ['--bookkeeper-port', String(site.ports['bookie'])];
  const bookieData = ['--bookkeeper-dir', join(site.dataDir, 'bookkeeper')];
  const metadata = ['--metadata-dir', join(site.dataDir, 'metadata')];
  return {
    file: java.path,
    args: [...jvmOptions, ...main, ...parts, ...bookie, ...bookieData, ...metadata],
    environment: javaEnvironment(),
  };
}

async function ready({ ports, signal }: Probe): Promise<string | undefined> {
  if (!(await isHealthy(ports['web'] ?? 0, signal))) return undefined;
  return (await isListening(ports['broker'] ?? 0)) ? pulsarVersion : undefined;
}

/** The broker's own check: it sends a message to itself, through its bookie. */
async function isHealthy(port: number, signal: AbortSignal): Promise<boolean> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(5000)]);
  try {
    const response = await fetch(`http://${loopback}:${port}/admin/v2/brokers/health`, { signal: patience });
    return response.ok && (await response.text()) === 'ok';
  } catch {
    // refused, reset, timed out, half an answer: all of them mean that it is not ready yet
    return false;
  }
}
