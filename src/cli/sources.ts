import { fileURLToPath } from 'node:url';
import { DRIVERS } from '../drivers/index.ts';
import {
  loadScenario,
  loadWorkspace as readWorkspace,
  resolveWorkspaceTargets,
  type DriverSchemas,
  type Scenario,
  type ScenarioPlaces,
  type Target,
  type Workspace,
} from '../scenario/index.ts';
import { BUILT_IN_TARGETS } from '../targets/index.ts';
import { PACKAGE_DIRECTORY } from './package.ts';

/** What mqbench.yaml says, or what holds without one. */
export interface ResolvedWorkspace {
  readonly configured: readonly Target[];
  readonly defaults: Workspace['defaults'];
}

export const BUILT_IN_NAMES: readonly string[] = BUILT_IN_TARGETS.map((target) => target.name);

export const DRIVER_SCHEMAS: DriverSchemas = Object.fromEntries(
  DRIVERS.map((driver) => [driver.name, driver.configSchema]),
);

export function scenarioPlaces(): ScenarioPlaces {
  return { cwd: process.cwd(), shippedDirectory: fileURLToPath(new URL('scenarios', PACKAGE_DIRECTORY)) };
}

export async function loadScenarios(names: readonly string[]): Promise<readonly Scenario[]> {
  return Promise.all(names.map((name) => loadScenario(name, scenarioPlaces())));
}

export async function loadWorkspace(): Promise<ResolvedWorkspace> {
  const options = { environment: process.env, builtInTargets: BUILT_IN_NAMES };
  const workspace = await readWorkspace(process.cwd(), options);
  if (workspace === undefined) return { configured: [], defaults: {} };
  return {
    configured: resolveWorkspaceTargets(workspace.targets, DRIVER_SCHEMAS, process.env),
    defaults: workspace.defaults,
  };
}
