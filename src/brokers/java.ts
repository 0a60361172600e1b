import { join } from 'node:path';
import { findProgram, runProgram } from './program.ts';

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

/** JVM options of the user's shell would change what is measured. */
export function javaEnvironment(): Record<string, string> {
  const foreign = new Set(['JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS', 'JDK_JAVA_OPTIONS', 'CLASSPATH']);
  const entries = Object.entries(process.env).flatMap(([key, value]) =>
    value === undefined || foreign.has(key) ? [] : [[key, value] as const],
  );
  return Object.fromEntries(entries);
}
