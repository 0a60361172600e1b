export { appraiseFile, type Appraisal, type AppraisalOptions, type Contents } from './appraisal.ts';
export { parseCheck } from './check.ts';
export { CONTRACTS, type Contract } from './contract.ts';
export {
  FAILURE_LATENCIES,
  LATENCIES,
  METRICS,
  metricNamed,
  METRIC_NAMES,
  PROJECTION_LATENCIES,
  STATISTICS,
} from './metrics.ts';
export { phaseAt } from './phase-at.ts';
export {
  arrivalsOf,
  campaignPrefix,
  dueOf,
  paceOf,
  planTrial,
  planSides,
  planTrials,
  type PlannedSides,
  type TrialPlan,
} from './plan.ts';
export { consumersOf } from './consumers.ts';
export { disturbancesOf, type Disturbance } from './disturbances.ts';
export { findScenario, listScenarios, loadScenarios, type ScenarioPlaces } from './scenario-files.ts';
export { parseScenario, parseScenarios, type ScenarioFamily } from './scenario-reader.ts';
export { scenarioSchema } from './schema/scenario.ts';
export type * from './scenario.ts';
export { peakRate, scaled, shortened } from './scaled.ts';
export { STARTER_FILES, STARTER_SCENARIO } from './starter.ts';
export { underContracts } from './under-contracts.ts';
export { findWorkspace, loadWorkspace } from './workspace-file.ts';
export { resolveWorkspaceTargets, type DriverSchemas } from './workspace-target.ts';
export { parseWorkspace, workspaceSchema, type Workspace } from './workspace.ts';
