export type * from './driver.ts';
export { ContractRefused, SendError, type SendOutcome } from './errors.ts';
export { driverNamed, DRIVERS, type AnyDriver } from './registry.ts';
