import { probeFsync } from '../brokers/index.ts';
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
const ROUND_TRIPS = 1_000;
const FSYNC_SECONDS = 0.1;

/** Takes 0.3 s. @param directory one that can be written to */
export async function takeReading(directory: string): Promise<CanaryReading> {
  const before = spin(SPINS);
  const trips = await roundTrips(ROUND_TRIPS);
  const between = spin(SPINS);
  const fsync = await probeFsync(directory, FSYNC_SECONDS);
  const after = spin(SPINS);
  return {
    spinUs: middle([...before, ...between, ...after]),
    roundTripUs: middle(trips),
    fsyncUs: fsync.p50Us,
  };
}

function middle(values: readonly number[]): number {
  return median(values) ?? Number.NaN;
}
