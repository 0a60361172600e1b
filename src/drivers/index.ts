export { deadLettersOf } from './dead-letters.ts';
export type * from './driver.ts';
export { ContractRefused, SendError } from './errors.ts';
export { driverNamed, DRIVERS, type AnyDriver } from './registry.ts';
