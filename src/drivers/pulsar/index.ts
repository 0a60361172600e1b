export { pulsarDriver } from './module.ts';
