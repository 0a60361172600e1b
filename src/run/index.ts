export { runCampaign, type CampaignEvents, type CampaignOptions, type CampaignOutcome } from './campaign.ts';
export type { BrokerObserver, BrokerUsage, FsyncProbe } from './observer.ts';
export type { TrialProgress } from './trial.ts';
export { runSingleTrial } from './single-trial.ts';
