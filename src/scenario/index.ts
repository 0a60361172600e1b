export { appraiseFile, type Appraisal, type Contents } from './appraisal.ts';
export { parseCheck } from './check.ts';
export { CONTRACTS, type Contract } from './contract.ts';
export { LATENCIES, METRICS, metricNamed, STATISTICS } from './metrics.ts';
export { campaignPrefix, paceOf, planTrials, type TrialPlan } from './plan.ts';
export { InvalidDocument } from './problem.ts';
export { quantity } from './quantity.ts';
export { findScenario, listScenarios, loadScenario, type ScenarioPlaces } from './scenario-files.ts';
export { parseScenario } from './scenario-reader.ts';
export { scenarioSchema } from './scenario-schema.ts';
export type * from './scenario.ts';
export { STARTER_FILES, STARTER_SCENARIO } from './starter.ts';
export { readText } from './text-file.ts';
export {
  parseCount,
  parseDurationMs,
  parseDurationSeconds,
  parseDurationUs,
  parseRatePerSecond,
  parseShare,
  parseSizeBytes,
} from './units.ts';
export { validateAgainst } from './validation.ts';
export { ValueError } from './value-error.ts';
export { findWorkspace, loadWorkspace } from './workspace-file.ts';
export { resolveWorkspaceTargets, type DriverSchemas } from './workspace-target.ts';
export { parseWorkspace, workspaceSchema, type Workspace } from './workspace.ts';
