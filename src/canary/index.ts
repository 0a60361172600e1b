export { readCanary } from './canary.ts';
export { probeFsync } from './fsync-probe.ts';
