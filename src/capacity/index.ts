export { measureCapacity } from './measure.ts';
