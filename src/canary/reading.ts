import { probeFsync } from './fsync-probe.ts';
import { median } from '../stats/index.ts';
import { roundTrips } from './round-trips.ts';
import { spin } from './spin.ts';

/** How a machine does work that is always the same and has nothing to do with what is measured on it. */
export interface CanaryReading {
  /** a fixed amount of arithmetic */
  readonly spinUs: number;
  /** a message through the memory broker and back */
  readonly roundTripUs: number;
  /** 4 KiB written to the folder of the campaign, and flushed */
  readonly fsyncUs: number;
}

/** A third of them before, between and after the others: a disturbance of a tenth of a second is outvoted. */
const SPINS = 60;

/**
 * Where the scheduler puts two threads that wake each other makes a round trip half as long again, and changes by the
 * tenth of a second (38 to 48 µs or 63 to 72, on two cores): the best of some groups is what the machine can do.
 */
const GROUPS = 4;
const TRIPS_A_GROUP = 250;
const FSYNC_SECONDS = 0.1;

/** Takes 0.3 s. @param directory one that can be written to */
export async function takeReading(directory: string): Promise<CanaryReading> {
  const before = spin(SPINS);
  const trips = await roundTrips(GROUPS * TRIPS_A_GROUP);
  const between = spin(SPINS);
  const fsync = await probeFsync(directory, FSYNC_SECONDS);
  const after = spin(SPINS);
  return {
    spinUs: middle([...before, ...between, ...after]),
    roundTripUs: Math.min(...groupsOf(trips).map(middle)),
    fsyncUs: fsync.p50Us,
  };
}

function groupsOf(trips: readonly number[]): readonly (readonly number[])[] {
  return Array.from({ length: GROUPS }, (_, group) =>
    trips.slice(group * TRIPS_A_GROUP, (group + 1) * TRIPS_A_GROUP),
  );
}

function middle(values: readonly number[]): number {
  return median(values) ?? Number.NaN;
}
