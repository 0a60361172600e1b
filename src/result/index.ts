export { canonicalJson } from './canonical.ts';
export {
  baseUnits,
  DECISION_METRICS,
  MEASURABLE_NAMES,
  measurableNamed,
  UNITS,
  valueOfTrial,
  type Measurable,
} from './measurable.ts';
export { metricValue } from './metric-value.ts';
export { loadOf } from './load-of.ts';
export { describeHost } from './host.ts';
export {
  resultSchema,
  type Baseline,
  type CanaryReading,
  type LatencyResult,
  type Result,
  type ToldScenario,
  type TrialResult,
} from './schema.ts';
export { readCampaigns, readComparables } from './campaigns.ts';
export { isImported, readResult, type Comparable } from './reading.ts';
export { IMPORTED_SCHEMA, importedSchema, type Imported, type ImportedTrial } from './imported-schema.ts';
export { ResultStore, storeImported, Unwritten } from './store.ts';
export type { CapacityResult } from './capacity-schema.ts';
