import { deadLetterCases } from './dead-letter-cases.ts';
import { deliveryCases } from './delivery-cases.ts';
import { promiseCases } from './promise-cases.ts';
import { settlingCases } from './settling-cases.ts';
import type { ContractCase } from './suite-target.ts';

/** In the order of the matrix. */
export const cases: readonly ContractCase[] = [
  ...deliveryCases,
  ...settlingCases,
  ...deadLetterCases,
  ...promiseCases,
];
