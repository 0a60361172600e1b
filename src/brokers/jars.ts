import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeFolder } from '../make-folder.ts';
import { UserError } from '../user-error.ts';
import type { Check, Progress } from './broker.ts';
import { libraryDirectory } from './home.ts';
import { findJava, type Java } from './java.ts';
import { findProgram, runProgram } from './program.ts';

/** A broker that is published to Maven as a library. */
export interface JavaProduct {
  /** as people write it */
  readonly title: string;
  /** names the folder of its jars, together with the version */
  readonly name: string;
  readonly version: string;
  readonly requiredJavaMajor: number;
  /** group, artifact and version of what is fetched, with all that it depends on */
  readonly artifacts: readonly (readonly [group: string, artifact: string, version: string])[];
}

/** Whether a broker in Java can run here, and whether its jars are there or have yet to be fetched. */
export async function checkJava(product: JavaProduct): Promise<Check> {
  const remedy = javaRemedy(product);
  const java = await findJava();
  if (java === undefined) return { usable: false, detail: 'no Java', remedy };
  const detail = `Java ${java.version}`;
  if (java.major < product.requiredJavaMajor) return { usable: false, detail, remedy };
  const named = `${product.title} ${product.version}`;
  if (await jarsAreFetched(product)) return { usable: true, detail: `${detail}, ${named} is fetched` };
  if ((await findMaven()) === undefined) {
    return {
      usable: false,
      detail: `${detail}, no Maven`,
      remedy: `install Maven (mvn), which fetches ${product.title}`,
    };
  }
  return { usable: true, detail: `${detail}, ${named} will be fetched with Maven` };
}

function javaRemedy({ requiredJavaMajor }: JavaProduct): string {
  return `install Java ${requiredJavaMajor} or newer and put it on the PATH or into JAVA_HOME`;
}

/** @throws {UserError} `brokers.java` (exit code 3) where there is no Java */
export async function requireJava(product: JavaProduct): Promise<Java> {
  const java = await findJava();
  if (java !== undefined) return java;
  throw new UserError('no Java found', { code: 'brokers.java', exitCode: 3, hint: javaRemedy(product) });
}

/**
 * The folder of a product's jars, fetched with Maven at the first use and kept from then on. It is fetched under
 * another name and renamed when complete, so that an interrupted fetch leaves nothing that looks finished.
 * @throws {UserError} `brokers.maven` (exit code 3) when Maven is missing or cannot fetch them
 */
export async function fetchJars(product: JavaProduct, progress: Progress): Promise<string> {
  const directory = jarsDirectory(product);
  if (await jarsAreFetched(product)) return directory;
  const maven = await findMaven();
  if (maven === undefined) throw mavenFailed(product, 'mvn is not on the PATH', 'install Maven');
  progress.onProgress(`fetching ${product.title} ${product.version} with Maven`);
  const partial = `${directory}.${randomUUID()}`;
  await makeFolder(join(partial, 'jars'));
  try {
    await writeFile(join(partial, 'pom.xml'), pom(product));
    await writeFile(join(partial, 'settings.xml'), settings(join(partial, 'none')));
    await copyDependencies(product, maven, partial, progress.signal);
    await makeFolder(dirname(directory));
    await moveIntoPlace(product, join(partial, 'jars'));
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return directory;
}

async function findMaven(): Promise<string | undefined> {
  return findProgram('mvn');
}

async function jarsAreFetched(product: JavaProduct): Promise<boolean> {
  try {
    return (await readdir(jarsDirectory(product))).length > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function jarsDirectory({ name, version }: JavaProduct): string {
  return join(libraryDirectory(), `${name}-${version}`);
}

async function copyDependencies(
  product: JavaProduct,
  maven: string,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  const goal = [
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${directory}/jars`,
  ];
  const files = ['--file', join(directory, 'pom.xml'), '--global-settings', join(directory, 'settings.xml')];
  const { exitCode, stdout } = await runProgram(maven, ['--batch-mode', '--quiet', ...files, ...goal], {
    signal,
  });
  if (exitCode === 0) return;
  const reason = /\[ERROR\] (.+)/.exec(stdout)?.[1] ?? stdout.trim();
  const hint = 'check that Maven reaches its repository, for example with: mvn dependency:get';
  throw mavenFailed(product, reason, hint);
}

/** Another mqbench may have been faster; its jars are the same. */
async function moveIntoPlace(product: JavaProduct, finished: string): Promise<void> {
  try {
    await rename(finished, jarsDirectory(product));
  } catch (error) {
    if (!(await jarsAreFetched(product))) throw error;
  }
}

function mavenFailed({ title, version }: JavaProduct, reason: string, hint: string): UserError {
  return new UserError(`cannot fetch ${title} ${version}: ${reason}`, {
    code: 'brokers.maven',
    exitCode: 3,
    hint: `${hint}; or use --provider docker`,
  });
}

/**
 * Poms name repositories of their own, which need not exist any more or be reachable. Central has everything
 * that is fetched here, so the others are mirrored by an empty folder; the user's own settings come before.
 */
function settings(emptyFolder: string): string {
  return `<settings xmlns="http://maven.apache.org/SETTINGS/1.0.0">
  <mirrors>
    <mirror><id>nothing-else</id><mirrorOf>*,!central</mirrorOf><url>${pathToFileURL(emptyFolder).href}</url></mirror>
  </mirrors>
</settings>
`;
}

function pom({ name, artifacts }: JavaProduct): string {
  const dependencies = artifacts.map(
    ([group, artifact, version]) =>
      `    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>mqbench</groupId>
  <artifactId>${name}</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
${dependencies.join('\n')}
  </dependencies>
</project>
`;
}
