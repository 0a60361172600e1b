export { BUILT_IN_TARGETS, type BuiltInTarget } from './built-in.ts';
export { isEmbedded, startEmbedded } from './embedded.ts';
export { brokerObserver } from './observer.ts';
export { defaultTargets, resolveTargets } from './resolve.ts';
