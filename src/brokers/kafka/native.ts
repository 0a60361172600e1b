import { randomBytes } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../user-error.ts';
import type { Check, Launch, NativeDefinition, Probe, Progress, Site } from '../broker.ts';
import { isListening } from '../ports.ts';
import { runProgram } from '../program.ts';
import { fetchJars, findMaven, jarsAreFetched, kafkaVersion } from './jars.ts';
import { findJava, requiredJavaMajor } from './java.ts';
import type { Java } from './java.ts';
import { serverProperties } from './properties.ts';

const javaRemedy = `install Java ${requiredJavaMajor} or newer and put it on the PATH or into JAVA_HOME`;

/**
 * The heap is ours: enough for one broker beside its clients on a small machine. The collector's settings
 * are those of Kafka's own bin/kafka-run-class.sh.
 */
const jvmOptions = [
  '-Xms512m',
  '-Xmx1g',
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
export const nativeKafka: NativeDefinition = { check, prepare, ready };

async function check(): Promise<Check> {
  const java = await findJava();
  if (java === undefined) return { usable: false, detail: 'no Java', remedy: javaRemedy };
  const detail = `Java ${java.version}`;
  if (java.major < requiredJavaMajor) return { usable: false, detail, remedy: javaRemedy };
  if (await jarsAreFetched()) return { usable: true, detail: `${detail}, Kafka ${kafkaVersion} is fetched` };
  if ((await findMaven()) === undefined) {
    return {
      usable: false,
      detail: `${detail}, no Maven`,
      remedy: 'install Maven (mvn), which fetches Kafka',
    };
  }
  return { usable: true, detail: `${detail}, Kafka ${kafkaVersion} will be fetched with Maven` };
}

async function prepare(site: Site, progress: Progress): Promise<Launch> {
  const java = await findJava();
  if (java === undefined) {
    throw new UserError('no Java found', { code: 'brokers.java', exitCode: 3, hint: javaRemedy });
  }
  const classPath = join(await fetchJars(progress), '*');
  const properties = join(site.directory, 'server.properties');
  await writeFile(properties, serverProperties(site));
  await formatOnce(java, classPath, properties, site, progress);
  return {
    file: java.path,
    args: [...jvmOptions, '-cp', classPath, 'kafka.Kafka', properties],
    environment: ownEnvironment(),
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
  // a leading dash would be taken for an option; a cluster id is any 16 bytes in base64url
  const clusterId = Buffer.concat([Buffer.of(0), randomBytes(15)]).toString('base64url');
  const args = ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties];
  const { exitCode, stdout, stderr } = await runProgram(java.path, args, {
    signal: progress.signal,
    environment: ownEnvironment(),
  });
  if (exitCode === 0) return;
  throw new UserError(`Kafka cannot format ${site.dataDir}: ${(stderr + stdout).trim()}`, {
    code: 'brokers.kafka-format',
    exitCode: 3,
    hint: 'mqbench down kafka deletes what is there',
  });
}

async function ready({ log, ports }: Probe): Promise<string | undefined> {
  if (!log.includes('Kafka Server started')) return undefined;
  return (await isListening(ports['broker'] ?? 0)) ? kafkaVersion : undefined;
}

/** JVM options of the user's shell would change what is measured. */
function ownEnvironment(): Record<string, string> {
  const foreign = new Set(['JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS', 'JDK_JAVA_OPTIONS', 'CLASSPATH']);
  const entries = Object.entries(process.env).flatMap(([key, value]) =>
    value === undefined || foreign.has(key) ? [] : [[key, value] as const],
  );
  return Object.fromEntries(entries);
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
