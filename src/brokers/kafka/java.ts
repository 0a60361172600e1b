import { join } from 'node:path';
import { findProgram, runProgram } from '../program.ts';

/** Kafka 4 brokers need Java 17: https://kafka.apache.org/41/operations/java-version/ */
export const requiredJavaMajor = 17;

export interface Java {
  readonly path: string;
  readonly version: string;
  readonly major: number;
}

/** The Java of JAVA_HOME, else of PATH; undefined where there is none. */
export async function findJava(): Promise<Java | undefined> {
  const home = process.env['JAVA_HOME'];
  const path = await findProgram(
    ...(home === undefined || home === '' ? [] : [join(home, 'bin', 'java')]),
    'java',
  );
  if (path === undefined) return undefined;
  // the version goes to stderr: openjdk version "17.0.15" 2025-04-15
  const { stderr } = await runProgram(path, ['-version']);
  const version = /version "([^"]+)"/.exec(stderr)?.[1];
  return version === undefined ? undefined : { path, version, major: majorOf(version) };
}

/** 17.0.15 is 17; before Java 9, 1.8.0 was 8. */
function majorOf(version: string): number {
  const [first = '', second = ''] = version.split('.');
  return Number.parseInt(first === '1' ? second : first, 10);
}
