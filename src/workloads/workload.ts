import type { Driver, Subscription, TopicSpec } from '../drivers/index.ts';
import type {
  DeadLetterAccount,
  DeliveryAccount,
  DeliverySnapshot,
  GivenUpAccount,
  IntervalCounter,
  ParticipantAccount,
  PhaseRecord,
  ProjectionAccount,
  ReplayAccount,
  SchemaAccount,
  SendAccount,
  Throttling,
} from '../measure/index.ts';
import type { Scenario, TrialPlan } from '../scenario/index.ts';

/** What a kind of work needs on the broker. Stateless. */
interface Layout {
  readonly name: Scenario['workload'];
  /** all that is created for a trial; the first is the one that the messages of the load are sent to */
  readonly topics: (scenario: Scenario, topic: string) => readonly [TopicSpec, ...TopicSpec[]];
  /** by subscription of the scenario: where messages that are on their way to it may lie on the broker */
  readonly places: (scenario: Scenario, topic: string) => readonly (readonly Subscription[])[];
  /**
   * Reads the log from its start when all is over; there for a workload that needs one, and so a driver with `readLog`.
   * Rejects when the signal comes.
   */
  replay?(plan: TrialPlan, driver: Driver, signal: AbortSignal): Promise<ReplayAccount>;
}

/** A kind of work: what there is on the broker, who takes part, and what each of them does. */
export interface Workload<Kind extends Role['kind']> extends Layout {
  /** one an agent, each of which has a connection and an event loop of its own */
  readonly roles: (scenario: Scenario) => readonly RoleOf<Kind>[];
  /** Opens what the role needs; it may neither send nor receive before `start`. */
  open(role: RoleOf<Kind>, stage: Stage): Promise<Part>;
}

/** A workload with the kinds of its roles forgotten; it opens roles of its own only. */
export interface AnyWorkload extends Layout {
  readonly roles: (scenario: Scenario) => readonly Role[];
  open(role: Role, stage: Stage): Promise<Part>;
}

/** What an agent is in a trial, in plain data. */
export type Role =
  | { readonly kind: 'producers' }
  | { readonly kind: 'consumers'; readonly subscription: string }
  | { readonly kind: 'dead letters'; readonly subscription: string }
  | { readonly kind: 'responders'; readonly subscription: string }
  | {
      readonly kind: 'participant';
      readonly participant: 'order' | 'payment' | 'inventory' | 'shipping';
    };

type RoleOf<Kind extends Role['kind']> = Extract<Role, { readonly kind: Kind }>;

/** What a part is opened with. */
export interface Stage {
  readonly plan: TrialPlan;
  readonly driver: Driver;
  /** to be called when it cannot go on */
  readonly onLost: (error: Error) => void;
  /** of the part that crashed and whose place this one takes */
  readonly before?: DeliverySnapshot | undefined;
}

/** The share of a workload that one agent does. Disposing it ends it, in whatever state. */
export interface Part extends AsyncDisposable {
  /**
   * Begins. Resolves when there is nothing left to send and it is known what became of it; of a part that sends
   * nothing, soon.
   * @param startNs of the load, on the host's clock
   */
  start(startNs: number, records: Records): Promise<void>;
  /** Gives up what is not yet sent. */
  stop(): void;
  readonly progress: PartProgress;
  /** how long one of its producers had as many sends under way as it may, in all */
  readonly windowFullNs: number;
  account(): PartAccount;
  /**
   * The process is about to die: from now on nothing is settled and nothing recorded. Returns what the part that
   * takes its place needs to know; not there for a part that does not crash.
   */
  crash?(): DeliverySnapshot;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Where an agent records. */
export interface Records {
  readonly phases: readonly PhaseRecord[];
  readonly intervals: IntervalCounter;
}

export interface PartProgress {
  /** messages of the load that were acknowledged */
  readonly acknowledged: number;
  /** of them, those that came to where they count as delivered; undefined for a part that is not that place */
  readonly arrived: number | undefined;
  /** when the latest delivery came in, first or not; 0 for none yet */
  readonly lastArrivalNs: number;
  /**
   * Messages that are still to turn up somewhere: the sum over all parts is 0 when each is accounted for. A part may
   * owe less than nothing for what another one owes.
   */
  readonly owed: number;
}

export interface PartAccount {
  readonly sends: readonly SendAccount[];
  readonly delivery: DeliveryAccount | undefined;
  /** planned messages that were given up */
  readonly unsent: number;
  /** for how long the broker held its producers back, and why; null for never */
  readonly throttled: Throttling | null;
  /** of messages that failed; not there for a part that has nothing to do with them */
  readonly failures?: GivenUpAccount | DeadLetterAccount;
  /** of events that follow a schema, written or read */
  readonly schema?: SchemaAccount;
  /** of a service that takes part in orders */
  readonly participant?: ParticipantAccount;
  /** of a read model */
  readonly projection?: ProjectionAccount;
  /** by producer: when each event was acknowledged, where a read model has to follow; see SequenceTimes */
  readonly acknowledgedAt?: readonly Float64Array[];
}
