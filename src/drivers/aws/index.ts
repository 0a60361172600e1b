export {
  addMiddleware,
  clientInfo,
  clientOptions,
  madeOnce,
  sqsClients,
  type SqsClients,
} from './clients.ts';
export { capabilitiesOf } from './capabilities.ts';
export { awsConfigSchema, type AwsConfig } from './config.ts';
export { destinationOf, firstAnswer, requirePlace, serverInfo } from './connecting.ts';
export { promised } from './contract.ts';
export { effectiveContract } from './effective.ts';
export { isGone, usageError, type Destination } from './failure.ts';
export { countingOf, fifoIdentity, MAX_BYTES, probe, probeOf } from './message.ts';
export { awsName, ownName, subscriptionName, type QueueKind } from './names.ts';
export { placeOf } from './place.ts';
export type { Queue } from './queue.ts';
export { Queues } from './queues.ts';
export { Sender } from './sender.ts';
export { RequestWatch } from './watch.ts';
