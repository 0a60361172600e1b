export {
  Campaign,
  runCampaign,
  type CampaignEvents,
  type CampaignOptions,
  type CampaignOutcome,
} from './campaign.ts';
export type { FaultInjector } from './faults.ts';
export type { BrokerObserver } from './observer.ts';
export type { TrialProgress } from './trial.ts';
export { lastKnownSecond } from './last-known-second.ts';
export { runSingleTrial } from './single-trial.ts';
