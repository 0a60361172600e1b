import type { Subscription } from '../driver.ts';
import type { Wire } from './connection.ts';
import { Group, LEASE_MS } from './group.ts';
import { Lane } from './lane.ts';

/** The lanes that a consumer has of its group, and what it tells the server of them. */
export class Membership {
  readonly #subscription: Subscription;
  readonly #group: Group;
  readonly #lanes = new Map<number, Lane>();
  #leaseUntilMs = 0;

  constructor(subscription: Subscription, partitions: number) {
    this.#subscription = subscription;
    this.#group = new Group(subscription, partitions);
  }

  get name(): string {
    return this.#group.name;
  }

  /** Not for certain when the lease was not renewed in time: others may have its lanes by now. */
  get isMember(): boolean {
    return performance.now() < this.#leaseUntilMs;
  }

  /** those to ask for messages of */
  get readable(): readonly Lane[] {
    if (!this.isMember) return [];
    return [...this.#lanes.values()].filter(({ state }) => state === 'owned');
  }

  /**
   * Renews the lease, and takes and gives back partitions. Says whether it has its share.
   * @param reading lanes that a request is under way for, which are not given back yet
   */
  async look(wire: Wire, reading: readonly Lane[]): Promise<'balanced' | 'waiting'> {
    const finished = [...this.#lanes.values()].filter(
      (lane) => lane.state === 'leaving' && lane.unsettled.size === 0 && !reading.includes(lane),
    );
    const askedMs = performance.now();
    const { keep, release, due } = await this.#group.share(
      wire,
      finished.map(({ partition }) => partition),
    );
    this.#leaseUntilMs = askedMs + LEASE_MS;
    for (const lane of this.#lanes.values()) {
      if (keep.includes(lane.partition)) lane.state = 'owned';
      else if (release.includes(lane.partition)) lane.state = 'leaving';
      else {
        lane.state = 'gone';
        this.#lanes.delete(lane.partition);
      }
      // what a former owner received after its lease had ended is found no other way
      if (performance.now() - lane.recoveredAtMs > LEASE_MS) lane.recoverFrom ??= '0-0';
    }
    for (const partition of [...keep, ...release]) {
      if (this.#lanes.has(partition)) continue;
      const lane = new Lane(this.#subscription, partition);
      if (release.includes(partition)) lane.state = 'leaving';
      this.#lanes.set(partition, lane);
    }
    return keep.length === due && release.length === 0 ? 'balanced' : 'waiting';
  }

  /** After a connection broke: replies may have been lost. */
  recoverAll(): void {
    for (const lane of this.#lanes.values()) lane.recoverFrom = '0-0';
  }

  /** Tells the server what was settled; what it does not take is told again next time. */
  async acknowledge(wire: Wire): Promise<void> {
    await Promise.all(
      [...this.#lanes.values()].map(async (lane) => {
        if (lane.settled.length === 0) return;
        const ids = lane.settled;
        lane.settled = [];
        try {
          await wire.call(['XACK', lane.stream, this.#subscription.name, ...ids]);
          for (const id of ids) lane.unsettled.delete(id);
        } catch (error) {
          lane.settled.push(...ids);
          throw error;
        }
      }),
    );
  }

  async leave(wire: Wire): Promise<void> {
    await this.#group.leave(wire);
  }
}
