export { measureCapacity, type CapacityOptions } from './measure.ts';
