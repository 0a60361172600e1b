export { metricValue } from './metric-value.ts';
export { describeHost } from './host.ts';
export {
  resultSchema,
  type LatencyResult,
  type Result,
  type ToldScenario,
  type TrialResult,
} from './schema.ts';
export { readCampaigns } from './campaigns.ts';
export { readResult, ResultStore, Unwritten } from './store.ts';
export type { CapacityResult } from './capacity-schema.ts';
