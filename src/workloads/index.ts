export { Consuming } from './stream/consuming.ts';
export { Producing } from './stream/producing.ts';
