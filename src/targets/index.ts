export { BUILT_IN_TARGETS, type BuiltInTarget } from './built-in.ts';
export { targetOverviews } from './overview.ts';
export { capabilityTable, contractTable, refusals, type TextTable } from './overview-tables.ts';
export { isEmbedded, startEmbedded } from './embedded.ts';
export { brokerFaults } from './broker-faults.ts';
export { brokerObserver } from './observer.ts';
export { defaultTargets, resolveTargets } from './resolve.ts';
