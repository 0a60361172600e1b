export { kafkaDriver } from './module.ts';
