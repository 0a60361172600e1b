import type {
  DeliverySnapshot,
  GeneratorHealth,
  Interval,
  PhaseAccount,
  RequestCounts,
} from '../measure/index.ts';
import type { Target, TrialPlan } from '../scenario/index.ts';
import type { PartAccount, PartProgress, Role } from '../workloads/index.ts';
import { UserError, type UserErrorOptions } from '../user-error.ts';

/** A share of a trial, in plain data: what an agent is to do. */
export interface Assignment {
  /** names the agent in warnings: `producers`, `consumers of fulfilment` */
  readonly agent: string;
  readonly role: Role;
  readonly plan: TrialPlan;
  readonly target: Target;
  /** the agent crashes on order, and so needs a process of its own */
  readonly mortal: boolean;
  /** of the agent that crashed and whose place this one takes */
  readonly before: DeliverySnapshot | undefined;
}

/** Campaign to agent. */
export type Order =
  /** begin the load at this time, ns of the host's monotonic clock */
  | { readonly type: 'start'; readonly startNs: number }
  /** give up what is not yet sent */
  | { readonly type: 'stop' }
  /** close, and send the report */
  | { readonly type: 'finish' }
  /** tell what was measured, and die: nothing is closed */
  | { readonly type: 'crash' }
  /** close at whatever point, without a report */
  | { readonly type: 'leave' };

/** Agent to campaign. */
export type Report =
  | { readonly type: 'ready' }
  | { readonly type: 'interval'; readonly intervals: readonly Interval[]; readonly progress: PartProgress }
  /** everything is sent and settled */
  | { readonly type: 'sent'; readonly progress: PartProgress }
  | { readonly type: 'done'; readonly report: AgentReport }
  | { readonly type: 'crashed'; readonly report: AgentReport; readonly before: DeliverySnapshot }
  | { readonly type: 'failed'; readonly error: PlainError };

/** All that an agent has measured. */
export interface AgentReport extends Omit<PartAccount, 'throttled'> {
  readonly phases: readonly PhaseAccount[];
  readonly intervals: readonly Interval[];
  /** from the start to the last settlement; undefined where requests cost nothing */
  readonly requests: RequestCounts | undefined;
  readonly health: GeneratorHealth;
}

/** An error that has crossed a thread or a network. */
export interface PlainError {
  readonly message: string;
  readonly stack: string | undefined;
  /** set for a UserError */
  readonly user:
    | {
        readonly code: string;
        readonly exitCode: UserErrorOptions['exitCode'];
        readonly hint: string | undefined;
      }
    | undefined;
}

export function toPlainError(error: unknown): PlainError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const user =
    error instanceof UserError ? { code: error.code, exitCode: error.exitCode, hint: error.hint } : undefined;
  return { message, stack, user };
}

export function fromPlainError(plain: PlainError): Error {
  if (plain.user !== undefined) {
    const { code, exitCode, hint } = plain.user;
    return new UserError(plain.message, { code, exitCode, ...(hint === undefined ? {} : { hint }) });
  }
  const error = new Error(plain.message);
  if (plain.stack !== undefined) error.stack = plain.stack;
  return error;
}
