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
  /** the least of a minute: of the first after a third of the run, and of the last */
  readonly rssMb: readonly [number, number];
  /** of these minutes, by Theil and Sen */
  readonly slopeMbPerMinute: number;
  /** in the end more than in the beginning */
  readonly openSockets: number;
  readonly activeResources: readonly string[];
  /** names on the broker */
  readonly leftBehind: readonly string[];
}
