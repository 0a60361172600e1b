export { readCanary } from './canary.ts';
