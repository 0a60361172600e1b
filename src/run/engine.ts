import type { Assignment, Order, Report } from './protocol.ts';

/** An agent, wherever it runs. Disposing it ends it, also in the middle of its work: it may close what it has first. */
export interface RemoteAgent extends AsyncDisposable {
  readonly assignment: Assignment;
  order(order: Order): void;
}

/** Starts agents; `onReport` also gets the failure of an agent that died. */
export interface Engine {
  start(assignment: Assignment, onReport: (report: Report) => void): RemoteAgent;
}
