import { readdir } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../user-error.ts';
import { didYouMean, isSystemError, quote, readText } from '../yaml/index.ts';
import { parseScenario, stem } from './scenario-reader.ts';
import type { Scenario } from './scenario.ts';

/** Where scenarios are looked for. */
export interface ScenarioPlaces {
  readonly cwd: string;
  /** the scenarios that come with mqbench */
  readonly shippedDirectory: string;
}

export interface ScenarioFile {
  /** of the file, without its extension: what `mqbench run` takes */
  readonly name: string;
  /** absolute */
  readonly path: string;
  /** `own`: in ./scenarios, where it hides a shipped one of the same name */
  readonly origin: 'own' | 'shipped';
}

/** The scenarios that have a name, by name. */
export async function listScenarios({ cwd, shippedDirectory }: ScenarioPlaces): Promise<ScenarioFile[]> {
  const shipped = await scenariosIn(shippedDirectory, 'shipped');
  const own = await scenariosIn(join(cwd, 'scenarios'), 'own');
  const byName = new Map([...shipped, ...own].map((file) => [file.name, file]));
  return Array.from(byName.values()).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The absolute path of a scenario: of a path (it has a slash or ends in .yaml or .yml), whether or not it
 * exists, or of a name of `listScenarios`.
 * @throws UserError for an unknown name, with the known ones and the nearest
 */
export async function findScenario(nameOrPath: string, places: ScenarioPlaces): Promise<string> {
  if (/[/\\]|\.ya?ml$/.test(nameOrPath)) return resolve(places.cwd, nameOrPath);
  const files = await listScenarios(places);
  const found = files.find((file) => file.name === nameOrPath);
  if (found !== undefined) return found.path;
  const names = files.map((file) => file.name);
  throw new UserError(
    `unknown scenario ${quote(nameOrPath)} (known: ${names.join(', ')})${didYouMean(nameOrPath, names)}`,
    {
      code: 'scenario.unknown',
      exitCode: 2,
      hint: 'give a path to run any other file: ./my-scenario.yaml',
    },
  );
}

/** @throws UserError for a name that is unknown, a file that cannot be read, or one that is no scenario */
export async function loadScenario(nameOrPath: string, places: ScenarioPlaces): Promise<Scenario> {
  const path = await findScenario(nameOrPath, places);
  const shown = shownPath(path, places.cwd);
  return parseScenario(await readText(path, shown), shown);
}

/** Relative where that is shorter for a reader: not through parent folders. */
export function shownPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' || short === '..' || short.startsWith(`..${sep}`) || isAbsolute(short) ? path : short;
}

async function scenariosIn(directory: string, origin: ScenarioFile['origin']): Promise<ScenarioFile[]> {
  const names = await entriesOf(directory);
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => ({ name: stem(name), path: resolve(directory, name), origin }));
}

/** None where there is no such folder, which is the common case for ./scenarios. */
async function entriesOf(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw error;
  }
}
