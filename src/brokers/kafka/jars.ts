import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../make-folder.ts';
import { UserError } from '../../user-error.ts';
import type { Progress } from '../broker.ts';
import { libraryDirectory } from '../home.ts';
import { findProgram, runProgram } from '../program.ts';

export const kafkaVersion = '4.1.0';

/** Kafka is published to Maven as a library; the logging binding sends its log to stderr, that is to our file. */
const artifacts = [
  ['org.apache.kafka', 'kafka_2.13', kafkaVersion],
  ['org.apache.kafka', 'kafka-tools', kafkaVersion],
  ['org.slf4j', 'slf4j-simple', '1.7.36'],
] as const;

export async function findMaven(): Promise<string | undefined> {
  return findProgram('mvn');
}

export async function jarsAreFetched(): Promise<boolean> {
  try {
    return (await readdir(jarsDirectory())).length > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/**
 * The folder of Kafka's jars, fetched with Maven at the first use and kept from then on. It is fetched under
 * another name and renamed when complete, so that an interrupted fetch leaves nothing that looks finished.
 * @throws {UserError} `brokers.maven` (exit code 3) when Maven is missing or cannot fetch them
 */
export async function fetchJars(progress: Progress): Promise<string> {
  if (await jarsAreFetched()) return jarsDirectory();
  const maven = await findMaven();
  if (maven === undefined) throw mavenFailed('mvn is not on the PATH', 'install Maven');
  progress.onProgress(`fetching Kafka ${kafkaVersion} with Maven`);
  const partial = `${jarsDirectory()}.${randomUUID()}`;
  await makeFolder(join(partial, 'jars'));
  try {
    await writeFile(join(partial, 'pom.xml'), pom());
    await copyDependencies(maven, partial, progress.signal);
    await makeFolder(dirname(jarsDirectory()));
    await moveIntoPlace(join(partial, 'jars'));
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return jarsDirectory();
}

function jarsDirectory(): string {
  return join(libraryDirectory(), `kafka-${kafkaVersion}`);
}

async function copyDependencies(maven: string, directory: string, signal: AbortSignal): Promise<void> {
  const goal = [
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${directory}/jars`,
  ];
  const args = ['--batch-mode', '--quiet', '--file', join(directory, 'pom.xml'), ...goal];
  const { exitCode, stdout } = await runProgram(maven, args, { signal });
  if (exitCode === 0) return;
  const reason = /\[ERROR\] (.+)/.exec(stdout)?.[1] ?? stdout.trim();
  throw mavenFailed(reason, 'check that Maven reaches its repository, for example with: mvn dependency:get');
}

/** Another mqbench may have been faster; its jars are the same. */
async function moveIntoPlace(finished: string): Promise<void> {
  try {
    await rename(finished, jarsDirectory());
  } catch (error) {
    if (!(await jarsAreFetched())) throw error;
  }
}

function mavenFailed(reason: string, hint: string): UserError {
  return new UserError(`cannot fetch Kafka ${kafkaVersion}: ${reason}`, {
    code: 'brokers.maven',
    exitCode: 3,
    hint: `${hint}; or use --provider docker`,
  });
}

function pom(): string {
  const dependencies = artifacts.map(
    ([group, artifact, version]) =>
      `    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>mqbench</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
${dependencies.join('\n')}
  </dependencies>
</project>
`;
}
