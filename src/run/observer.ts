/** What a broker used during a trial. */
export interface BrokerUsage {
  readonly cpuSeconds: number;
  /** resident memory at the end */
  readonly rssBytes: number;
  /** growth of the data directory */
  readonly diskBytes: number;
}

/** How long one flush to the broker's disk takes. */
export interface FsyncProbe {
  readonly p50Us: number;
  readonly p99Us: number;
  readonly count: number;
}

/**
 * Sees what the brokers of the targets use; handed in, because only who started a broker can see it.
 * Each answers undefined for a target that it cannot see.
 */
export interface BrokerObserver {
  /** Begins to watch; the returned function ends it and tells the difference. */
  watch(target: string): Promise<() => Promise<BrokerUsage | undefined>>;
  /** How many nodes of the target's broker run on this host. */
  nodesHere(target: string): number | undefined;
  probeFsync(target: string): Promise<FsyncProbe | undefined>;
}
