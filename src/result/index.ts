export { describeHost } from './host.ts';
export {
  resultSchema,
  type LatencyResult,
  type ToldScenario,
  type Result,
  type TrialResult,
} from './schema.ts';
export { readResult, ResultStore } from './store.ts';
