import type { Contract } from '../scenario/index.ts';
import { UserError } from '../user-error.ts';

/**
 * Why a send was not acknowledged.
 *
 * - `refused`: the broker or the client would not take this message (too large, no permission); trying
 *   the same again is pointless. Definite.
 * - `failed`: it is certain that the broker did not store it (negative acknowledgement, no connection). Definite.
 * - `unknown`: it may or may not be stored (connection lost or timed out after the message was written).
 */
export type SendOutcome = 'refused' | 'failed' | 'unknown';

export class SendError extends Error {
  readonly outcome: SendOutcome;
  /** what the user must do at the broker before it takes messages; undefined where there is no such thing */
  readonly mend: string | undefined;

  constructor(
    outcome: SendOutcome,
    message: string,
    options: { readonly cause?: unknown; readonly mend?: string | undefined } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : {});
    this.name = 'SendError';
    this.outcome = outcome;
    this.mend = options.mend;
  }
}

/** It may have other settings than those asked for, and holds the messages of somebody else. */
export function topicExists(topic: string, code = 'driver.topic-exists', cause?: unknown): UserError {
  return new UserError(`topic ${topic} already exists`, {
    code,
    exitCode: 3,
    hint: 'npx mqbench clean deletes what a crash left behind',
    cause,
  });
}

/** The broker cannot give at least the contract that was asked for. */
export class ContractRefused extends UserError {
  readonly contract: Contract;
  readonly reason: string;

  constructor(contract: Contract, reason: string, hint?: string) {
    super(`contract ${contract} refused: ${reason}`, {
      code: 'driver.contract-refused',
      exitCode: 3,
      ...(hint === undefined ? {} : { hint }),
    });
    this.name = 'ContractRefused';
    this.contract = contract;
    this.reason = reason;
  }
}
