import type { Wire } from './connection.ts';
import { type Entry, toEntries } from './entry.ts';
import type { Lane } from './lane.ts';

/** How long Redis waits for a message before it answers that there is none: pausing and closing wait as long. */
const BLOCK_MS = 100;

/** Who reads. */
export interface Reader {
  readonly group: string;
  readonly consumer: string;
  /** the server forgets an entry when it has given it out */
  readonly noAck: boolean;
}

export interface Received {
  readonly lane: Lane;
  readonly entry: Entry;
  readonly redelivered: boolean;
}

/**
 * One request for messages: first for those of a lane that were given out before, then for new ones of all
 * lanes. COUNT is of each stream, so that up to one more than `room` comes of each lane.
 */
export async function fetchFrom(
  wire: Wire,
  lanes: readonly Lane[],
  reader: Reader,
  room: number,
): Promise<readonly Received[]> {
  const recovering = reader.noAck ? undefined : lanes.find(({ recoverFrom }) => recoverFrom !== undefined);
  return recovering === undefined
    ? readNew(wire, lanes, reader, room)
    : claimOld(wire, recovering, reader, room);
}

async function readNew(
  wire: Wire,
  lanes: readonly Lane[],
  { group, consumer, noAck }: Reader,
  room: number,
): Promise<readonly Received[]> {
  const count = String(Math.max(1, Math.floor(room / lanes.length)));
  const options = ['COUNT', count, 'BLOCK', String(BLOCK_MS), ...(noAck ? ['NOACK'] : [])];
  const streams = lanes.map(({ stream }) => stream);
  const onlyNew = lanes.map(() => '>');
  const command = ['XREADGROUP', 'GROUP', group, consumer, ...options, 'STREAMS', ...streams, ...onlyNew];
  const reply = await wire.callForBytes(command);
  // null when there was nothing
  return (Array.isArray(reply) ? reply : []).flatMap((each: unknown) => {
    const [stream, entries]: readonly unknown[] = Array.isArray(each) ? each : [];
    const lane = lanes.find((candidate) => candidate.stream === String(stream));
    return lane === undefined ? [] : toEntries(entries).map((entry) => ({ lane, entry, redelivered: false }));
  });
}

async function claimOld(
  wire: Wire,
  lane: Lane,
  { group, consumer }: Reader,
  room: number,
): Promise<readonly Received[]> {
  // as they are when the server is asked: one of them may be settled before its answer is here
  const known = new Set(lane.unsettled);
  const from = lane.recoverFrom ?? '0-0';
  const command = ['XAUTOCLAIM', lane.stream, group, consumer, '0', from, 'COUNT', String(room)];
  const reply = await wire.callForBytes(command);
  const [next, entries]: readonly unknown[] = Array.isArray(reply) ? reply : [];
  const cursor = Buffer.isBuffer(next) ? next.toString() : '0-0';
  lane.recoverFrom = cursor === '0-0' ? undefined : cursor;
  lane.recoveredAtMs = performance.now();
  return toEntries(entries)
    .filter(({ id }) => !known.has(id))
    .map((entry) => ({ lane, entry, redelivered: true }));
}
