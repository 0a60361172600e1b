import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DRIVERS } from '../drivers/index.ts';
import {
  loadScenarios as readScenarios,
  loadWorkspace as readWorkspace,
  resolveWorkspaceTargets,
  type DriverSchemas,
  type ScenarioFamily,
  type ScenarioPlaces,
  type Target,
  type Workspace,
} from '../scenario/index.ts';
import { BUILT_IN_TARGETS } from '../targets/index.ts';
import { PACKAGE_DIRECTORY } from './package.ts';

/** What mqbench.yaml says, or what holds without one. */
export interface ResolvedWorkspace {
  readonly targets: readonly { readonly name: string; readonly driver: string }[];
  readonly configured: readonly string[];
  configure(names: readonly string[]): readonly Target[];
  readonly defaults: Workspace['defaults'];
}

export const BUILT_IN_NAMES: readonly string[] = BUILT_IN_TARGETS.map((target) => target.name);

export const DRIVER_SCHEMAS: DriverSchemas = Object.fromEntries(
  DRIVERS.map((driver) => [driver.name, driver.configSchema]),
);

export function scenarioPlaces(cwd = process.cwd()): ScenarioPlaces {
  return { cwd, shippedDirectory: fileURLToPath(new URL('scenarios', PACKAGE_DIRECTORY)) };
}

/** @param cwd of the project that they are of */
export async function loadScenarios(
  names: readonly string[],
  cwd?: string,
): Promise<readonly ScenarioFamily[]> {
  return Promise.all(names.map((name) => readScenarios(name, scenarioPlaces(cwd))));
}

/** @param cwd in a project */
export async function loadWorkspace(cwd = process.cwd()): Promise<ResolvedWorkspace> {
  const options = { environment: process.env, builtInTargets: BUILT_IN_NAMES };
  const workspace = await readWorkspace(cwd, options);
  if (workspace === undefined) return { targets: [], configured: [], configure: () => [], defaults: {} };
  const { targets, defaults } = workspace;
  const { out } = defaults;
  return {
    targets,
    configured: targets.map((target) => target.name),
    configure: (names) => {
      const named = targets.filter((target) => names.includes(target.name));
      return resolveWorkspaceTargets(named, DRIVER_SCHEMAS, process.env);
    },
    // as everything else in the file, it is meant from where the file lies
    defaults:
      out === undefined
        ? defaults
        : { ...defaults, out: isAbsolute(out) ? out : join(dirname(workspace.file), out) },
  };
}
