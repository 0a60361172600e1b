/** What one target's soak came to. */
export interface Soaked {
  readonly target: string;
  readonly verdict: string;
  readonly seconds: number;
  readonly attempted: number;
  /** failed, refused or unknown */
  readonly notAcknowledged: number;
  readonly delivered: number;
  readonly lost: number;
  readonly duplicates: number;
  /** what the broker held in the end */
  readonly backlog: number;
  /** after the first third, and in the end */
  readonly rssMb: readonly [number, number];
  readonly slopeMbPerMinute: number;
  /** in the end more than in the beginning */
  readonly openSockets: number;
  readonly activeResources: readonly string[];
  /** names on the broker */
  readonly leftBehind: readonly string[];
}
