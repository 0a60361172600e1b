export { describeHost } from './host.ts';
export {
  resultSchema,
  type LatencyResult,
  type Result,
  type TrialFailure,
  type TrialResult,
} from './schema.ts';
export { readResult, ResultStore, type CampaignHeader } from './store.ts';
