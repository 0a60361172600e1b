import type { StoredMessage } from './faults.ts';

/** Where deliveries of one consumer go. */
export interface ConsumerSink {
  readonly id: number;
  readonly window: number;
  deliver(delivery: number, message: StoredMessage): void;
}

interface Member {
  readonly sink: ConsumerSink;
  readonly unsettled: Map<number, { readonly partition: Partition; readonly message: StoredMessage }>;
  paused: boolean;
  nextDelivery: number;
}

/** Messages of one partition in order; the first `head` of the array are gone. */
interface Partition {
  messages: StoredMessage[];
  head: number;
  owner: Member | undefined;
}

/**
 * The messages of one subscription. Keys are spread over partitions, and each partition has one consumer at
 * a time, so that order per key holds among competing consumers.
 */
export class SubscriptionQueue {
  readonly #partitions: Partition[];
  readonly #members: Member[] = [];

  constructor(partitions: number) {
    this.#partitions = Array.from({ length: partitions }, () => ({
      messages: [],
      head: 0,
      owner: undefined,
    }));
  }

  /** messages stored and not settled */
  get backlog(): number {
    let count = 0;
    for (const partition of this.#partitions) count += partition.messages.length - partition.head;
    for (const member of this.#members) count += member.unsettled.size;
    return count;
  }

  add(message: StoredMessage): void {
    this.#partitions[partitionOf(message.key, this.#partitions.length)]?.messages.push(message);
  }

  join(sink: ConsumerSink): void {
    this.#members.push({ sink, unsettled: new Map(), paused: false, nextDelivery: 1 });
    this.#assign();
  }

  /** What the consumer held goes back to the head of its partitions, marked as redelivered. */
  leave(id: number): void {
    const index = this.#members.findIndex((each) => each.sink.id === id);
    const [member] = index < 0 ? [] : this.#members.splice(index, 1);
    if (member === undefined) return;
    for (const { partition, message } of [...member.unsettled.values()].toReversed())
      putBack(partition, message);
    this.#assign();
  }

  setPaused(id: number, state: 'paused' | 'running'): void {
    const member = this.#member(id);
    if (member !== undefined) member.paused = state === 'paused';
  }

  settle(id: number, delivery: number, settlement: 'done' | 'retry' | 'reject'): void {
    const member = this.#member(id);
    const unsettled = member?.unsettled.get(delivery);
    if (member === undefined || unsettled === undefined) return;
    member.unsettled.delete(delivery);
    if (settlement === 'retry') putBack(unsettled.partition, unsettled.message);
  }

  /** Delivers what is due and fits the consumers' windows; returns when the next message becomes due. */
  deliver(nowNs: number): number {
    let nextNs = Infinity;
    for (const partition of this.#partitions) {
      const member = partition.owner;
      if (member === undefined || member.paused) continue;
      while (partition.head < partition.messages.length && member.unsettled.size < member.sink.window) {
        const message = partition.messages[partition.head];
        if (message === undefined) break;
        if (message.dueNs > nowNs) {
          nextNs = Math.min(nextNs, message.dueNs);
          break;
        }
        partition.head++;
        const delivery = member.nextDelivery++;
        member.unsettled.set(delivery, { partition, message });
        member.sink.deliver(delivery, message);
      }
      compact(partition);
    }
    return nextNs;
  }

  #member(id: number): Member | undefined {
    return this.#members.find((each) => each.sink.id === id);
  }

  #assign(): void {
    for (const [index, partition] of this.#partitions.entries()) {
      partition.owner = this.#members[index % this.#members.length];
    }
  }
}

function putBack(partition: Partition, message: StoredMessage): void {
  message.redelivered = true;
  if (partition.head > 0) partition.messages[--partition.head] = message;
  else partition.messages.unshift(message);
}

/** Forgets what was delivered, in long strides, so that the cost per message is constant. */
function compact(partition: Partition): void {
  if (partition.head === 0) return;
  if (partition.head === partition.messages.length) {
    partition.messages.length = 0;
    partition.head = 0;
  } else if (partition.head > 1024 && partition.head * 2 > partition.messages.length) {
    partition.messages = partition.messages.slice(partition.head);
    partition.head = 0;
  }
}

/** FNV-1a. */
function partitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % partitions;
}
