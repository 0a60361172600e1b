import type { BrokerDefinition, Check, Progress } from './broker.ts';
import type { BrokerState } from './state.ts';

/**
 * A way to run brokers. Each operation expects that the caller holds the broker's lock, and acts on the nodes
 * that the state lists: on one node of a cluster where the state is reduced to that.
 */
export interface BrokerProvider {
  /** Whether the broker can be started this way here. Changes nothing. */
  check(definition: BrokerDefinition): Promise<Check>;
  /**
   * Starts the broker and waits until it serves clients, as a cluster of all of its nodes. When it fails, or when the signal ends it, nothing
   * of this start runs any more.
   * @throws {UserError} exit code 3, with the end of the broker's log
   */
  start(order: StartOrder): Promise<BrokerState>;
  /** Whether any of the nodes lives. */
  isAlive(state: BrokerState): Promise<boolean>;
  /** Ends every process of the broker, in order. Its data stays where it is. */
  stop(state: BrokerState): Promise<void>;
  /** Deletes the data of a stopped broker that is kept outside its folder. */
  deleteData(state: BrokerState): Promise<void>;
  pause(state: BrokerState): Promise<void>;
  resume(state: BrokerState): Promise<void>;
  /** Ends every process of the broker at once, as a power cut would. */
  kill(state: BrokerState): Promise<void>;
}

export interface StartOrder {
  readonly definition: BrokerDefinition;
  readonly portOffset: number;
  readonly nodes: number;
  readonly readyTimeoutSeconds: number;
  readonly progress: Progress;
}
