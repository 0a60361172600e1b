import { brokerNamed } from '../brokers/index.ts';
import { ContractRefused, driverNamed, type Capabilities, type ServerFacts } from '../drivers/index.ts';
import { CONTRACTS, type Contract } from '../scenario/index.ts';
import { BUILT_IN_TARGETS, type BuiltInTarget } from './built-in.ts';

/** What a built-in target can do, as its driver says it: no server is asked. */
export interface TargetOverview {
  readonly target: string;
  readonly driver: string;
  readonly capabilities: Capabilities;
  /** the version that the answers hold for: the one of docker/compose.yaml, or that of the embedded broker */
  readonly serverVersion: string;
  readonly contracts: Readonly<Record<Contract, Promised>>;
}

/** What a contract comes to on one node and on three. */
interface Promised {
  readonly one: Answer;
  readonly three: Answer;
}

type Answer = { readonly effective: Contract } | { readonly refused: string };

export function targetOverviews(): readonly TargetOverview[] {
  return BUILT_IN_TARGETS.map(overviewOf);
}

function overviewOf(target: BuiltInTarget): TargetOverview {
  const module = driverNamed(target.driver);
  if (module === undefined) throw new Error(`no driver ${target.driver}`);
  const serverVersion = target.broker === undefined ? '1' : brokerNamed(target.broker).docker.version;
  const answer = (contract: Contract, nodes: number): Answer =>
    answerOf(() =>
      module.promise(contract, target.config, { version: serverVersion, nodes } satisfies ServerFacts),
    );
  const contracts = CONTRACTS.map(
    (contract) => [contract, { one: answer(contract, 1), three: answer(contract, 3) }] as const,
  );
  return {
    target: target.name,
    driver: target.driver,
    capabilities: module.capabilities(target.config),
    serverVersion,
    contracts: Object.fromEntries(contracts) as TargetOverview['contracts'],
  };
}

function answerOf(promise: () => Contract): Answer {
  try {
    return { effective: promise() };
  } catch (error) {
    if (!(error instanceof ContractRefused)) throw error;
    return { refused: error.reason };
  }
}
