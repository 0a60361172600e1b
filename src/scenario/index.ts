export { appraise, appraiseFile, type Appraisal, type AppraisalOptions, type Contents } from './appraisal.ts';
export { parseCheck } from './check.ts';
export { CONTRACTS, type Contract } from './contract.ts';
export { parseDocument } from './document-parser.ts';
export type { DocumentKind, Path, Position, YamlDocument } from './document.ts';
export { expandEnvironment, type Environment } from './environment.ts';
export { METRICS, metricNamed, type Metric, type MetricUnit } from './metrics.ts';
export { didYouMean, nearest } from './nearest.ts';
export { campaignPrefix, paceOf, planTrials, type CampaignRequest, type TrialPlan } from './plan.ts';
export { InvalidDocument, type Problem } from './problem.ts';
export { name, quantity, wholeNumber } from './quantity.ts';
export { quote } from './quote.ts';
export {
  findScenario,
  listScenarios,
  loadScenario,
  type ScenarioFile,
  type ScenarioPlaces,
} from './scenario-files.ts';
export { parseScenario } from './scenario-reader.ts';
export { scenarioSchema } from './scenario-schema.ts';
export type * from './scenario.ts';
export { Section, wholeOf } from './section.ts';
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
export { checkAgainst, problemAt, validateAgainst, type Outcome } from './validation.ts';
export { ValueError } from './value-error.ts';
export { findWorkspace, loadWorkspace } from './workspace-file.ts';
export { resolveWorkspaceTargets, type DriverSchemas, type WorkspaceTarget } from './workspace-target.ts';
export { parseWorkspace, workspaceSchema, type Workspace, type WorkspaceOptions } from './workspace.ts';
