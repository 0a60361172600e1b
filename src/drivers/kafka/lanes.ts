import type { Pending } from '../batcher.ts';
import { batchHeaderBytes, maxRecordBytes } from './record-size.ts';

/** Messages of one partition that travel together, and since when they wait. */
export interface LaneBatch {
  readonly partition: number;
  readonly pending: readonly Pending[];
  readonly sinceMs: number;
}

export interface LaneLimits {
  readonly partitions: number;
  /** batches of one partition that may be taken and not yet released */
  readonly batchesPerPartition: number;
  /** of one request, over all its partitions */
  readonly maxMessages: number;
  /** of one request, payloads only */
  readonly maxBytes: number;
  /** what the broker takes as one batch of one partition */
  readonly maxPartitionBytes: number;
}

/**
 * A queue for each partition of a topic, and what of them may go into the next request. A partition never
 * has more batches under way than the client keeps in order; the others do not wait for it.
 */
export class Lanes {
  readonly #limits: LaneLimits;
  readonly #lanes: readonly Lane[];
  #first = 0;

  constructor(limits: LaneLimits) {
    this.#limits = limits;
    this.#lanes = Array.from({ length: limits.partitions }, (_, partition) => new Lane(partition));
  }

  add(partition: number, pending: Pending[], nowMs: number): void {
    this.#lanes[partition]?.chunks.push({ pending, sinceMs: nowMs });
  }

  /** The next request, one batch a partition; empty when nothing may go. Each batch must be released. */
  take(): LaneBatch[] {
    const batches: LaneBatch[] = [];
    let messages = this.#limits.maxMessages;
    let bytes = this.#limits.maxBytes;
    for (let turn = 0; turn < this.#lanes.length && messages > 0; turn += 1) {
      const lane = this.#lanes[(this.#first + turn) % this.#lanes.length];
      if (lane === undefined || lane.underWay >= this.#limits.batchesPerPartition) continue;
      const batch = lane.take(
        { messages, bytes, force: batches.length === 0 },
        this.#limits.maxPartitionBytes,
      );
      if (batch === undefined) continue;
      lane.underWay += 1;
      batches.push(batch);
      messages -= batch.pending.length;
      for (const { message } of batch.pending) bytes -= message.payload.length;
    }
    this.#first = (this.#first + 1) % this.#lanes.length;
    return batches;
  }

  release(batch: LaneBatch): void {
    const lane = this.#lanes[batch.partition];
    if (lane !== undefined) lane.underWay -= 1;
  }

  /** Removes what has waited since then or longer; undefined: everything. */
  removeSince(sinceMs: number | undefined): Pending[] {
    return this.#lanes.flatMap((lane) => lane.removeSince(sinceMs));
  }

  get isEmpty(): boolean {
    return this.#lanes.every((lane) => lane.chunks.length === 0);
  }
}

interface Chunk {
  readonly pending: readonly Pending[];
  readonly sinceMs: number;
}

interface Room {
  readonly messages: number;
  readonly bytes: number;
  /** takes one message even where it does not fit: it will not fit any later either */
  readonly force: boolean;
}

class Lane {
  readonly partition: number;
  readonly chunks: Chunk[] = [];
  underWay = 0;

  constructor(partition: number) {
    this.partition = partition;
  }

  take(room: Room, maxPartitionBytes: number): LaneBatch | undefined {
    const oldest = this.chunks[0];
    if (oldest === undefined) return undefined;
    const taken: Pending[] = [];
    let { bytes } = room;
    let partitionBytes = maxPartitionBytes - batchHeaderBytes;
    for (let chunk: Chunk | undefined = oldest; chunk !== undefined; chunk = this.chunks[0]) {
      let count = 0;
      for (const { message } of chunk.pending) {
        bytes -= message.payload.length;
        partitionBytes -= maxRecordBytes(message);
        const fits = bytes >= 0 && partitionBytes >= 0 && taken.length + count < room.messages;
        if (!fits && !(room.force && taken.length + count === 0)) break;
        count += 1;
      }
      if (count < chunk.pending.length) {
        taken.push(...chunk.pending.slice(0, count));
        this.chunks[0] = { pending: chunk.pending.slice(count), sinceMs: chunk.sinceMs };
        break;
      }
      this.chunks.shift();
      // the usual case, and nothing to copy
      if (taken.length === 0 && this.chunks.length === 0) return this.#batch(chunk.pending, oldest);
      taken.push(...chunk.pending);
    }
    return taken.length === 0 ? undefined : this.#batch(taken, oldest);
  }

  #batch(pending: readonly Pending[], { sinceMs }: Chunk): LaneBatch {
    return { partition: this.partition, pending, sinceMs };
  }

  removeSince(sinceMs: number | undefined): Pending[] {
    const kept =
      sinceMs === undefined ? this.chunks.length : this.chunks.findIndex((c) => c.sinceMs > sinceMs);
    return this.chunks.splice(0, kept === -1 ? this.chunks.length : kept).flatMap(({ pending }) => pending);
  }
}
