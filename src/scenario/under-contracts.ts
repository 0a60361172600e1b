import type { Contract } from './contract.ts';
import type { Scenario } from './scenario.ts';

/**
 * A scenario once under each contract, in their order. Its name stays where there is one; of several, each is
 * named after its own, since results are told apart by the names of their scenarios.
 */
export function underContracts(scenario: Scenario, contracts: readonly Contract[]): readonly Scenario[] {
  return contracts.map((contract) => ({
    ...scenario,
    name: contracts.length === 1 ? scenario.name : `${scenario.name}-${contract}`,
    contract,
  }));
}
