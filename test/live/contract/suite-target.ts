import type { Capabilities, Driver } from '../../../src/drivers/index.ts';
import type { Contract } from '../../../src/scenario/index.ts';

/** What the suite has to know of a target; everything else it learns from the driver. */
export interface SuiteTarget {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** more than the broker takes as one message */
  readonly tooLargeBytes: number;
  /** the names of what is created start with it; this run's own, so that runs do not disturb each other */
  readonly prefix: string;
  connect(): Promise<Driver>;
  /** to a port that nothing listens on */
  connectToNobody(): Promise<Driver>;
  /** kills the broker and starts it again on its data; undefined: it cannot be done */
  readonly restart: (() => Promise<void>) | undefined;
}

export interface JudgedTarget extends SuiteTarget {
  /** whether `mqbench list drivers` says that such a server cannot give the contract */
  refuses(contract: Contract, server: Driver['server']): boolean;
}

export interface ContractCase {
  /** its row in the matrix */
  readonly name: string;
  /** given …, when …, then … */
  readonly title: string;
  /** Why no case of another target may run meanwhile. */
  readonly alone?: 'it kills its broker' | 'it takes silence for an answer';
  /** Throws NotApplicable, or ContractRefused, where the target does not promise what the case is about. */
  run(target: SuiteTarget): Promise<void>;
}

/** @throws NotApplicable for a target of which a partition has no more than one message under way */
export function requireManyInFlight({ capabilities }: SuiteTarget): void {
  if (capabilities.inFlight !== undefined)
    throw new NotApplicable(`${capabilities.inFlight} is in flight at most`);
}

/** The target promises nothing that the case could check. */
export class NotApplicable extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NotApplicable';
  }
}
