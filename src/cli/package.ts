import { readFileSync } from 'node:fs';

/** The folder of the installed package, which holds scenarios/, schemas/ and docker/. */
export const PACKAGE_DIRECTORY = new URL('../../', import.meta.url);

export function packageVersion(): string {
  const text = readFileSync(new URL('package.json', PACKAGE_DIRECTORY), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
