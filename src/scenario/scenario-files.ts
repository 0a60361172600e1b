import { readdir } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../user-error.ts';
import { didYouMean, isSystemError, quote, readText } from '../yaml/index.ts';
import { parseScenarios, stem } from './scenario-reader.ts';
import type { ScenarioFamily } from './scenario-reader.ts';

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
  if (isPath(nameOrPath)) return resolve(places.cwd, nameOrPath);
  const files = await listScenarios(places);
  const found = files.find((file) => file.name === nameOrPath);
  if (found !== undefined) return found.path;
  const names = files.map((file) => file.name);
  const variants = await variantNames(files, places);
  const meant = variants.filter((each) => each.endsWith(`-${nameOrPath}`));
  const guess =
    meant.length > 0
      ? `; did you mean ${meant.map(quote).join(' or ')}?`
      : didYouMean(nameOrPath, [...names, ...variants]);
  throw new UserError(`unknown scenario ${quote(nameOrPath)} (known: ${names.join(', ')})${guess}`, {
    code: 'scenario.unknown',
    exitCode: 2,
    hint: 'give a path to run any other file: ./my-scenario.yaml',
  });
}

/** Of all files that can be read; what is wrong with the others is said when they are run. */
async function variantNames(
  files: readonly ScenarioFile[],
  places: ScenarioPlaces,
): Promise<readonly string[]> {
  const families = await Promise.allSettled(files.map(({ path }) => load(path, places)));
  return families.flatMap((each) =>
    each.status === 'fulfilled' ? each.value.scenarios.map(({ name }) => name) : [],
  );
}

/**
 * The scenarios of a path or a name; the name may be that of one variant: `fan-out-3-groups`.
 * @throws UserError for a name that is unknown, a file that cannot be read, or one that is no scenario
 */
export async function loadScenarios(nameOrPath: string, places: ScenarioPlaces): Promise<ScenarioFamily> {
  const variant = await loadVariant(nameOrPath, places);
  return variant ?? load(await findScenario(nameOrPath, places), places);
}

async function load(path: string, { cwd }: ScenarioPlaces): Promise<ScenarioFamily> {
  const shown = shownPath(path, cwd);
  return parseScenarios(await readText(path, shown), shown);
}

async function loadVariant(name: string, places: ScenarioPlaces): Promise<ScenarioFamily | undefined> {
  const files = isPath(name) ? [] : await listScenarios(places);
  if (files.some((file) => file.name === name)) return undefined;
  for (const file of files.filter((each) => name.startsWith(`${each.name}-`))) {
    const family = await load(file.path, places);
    const found = family.scenarios.filter((scenario) => scenario.name === name);
    if (found.length > 0) return { ...family, scenarios: found };
  }
  return undefined;
}

function isPath(nameOrPath: string): boolean {
  return /[/\\]|\.ya?ml$/.test(nameOrPath);
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
