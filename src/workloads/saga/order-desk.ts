import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../../clock/index.ts';
import type { Consumer, ReceivedMessage, Settlement } from '../../drivers/index.ts';
import { emptyIdentity, Payloads, type Identity } from '../../load/index.ts';
import { DeliveryLedger, LatencyHistogram, type Books } from '../../measure/index.ts';
import { consumersOf, type SagaSpec } from '../../scenario/index.ts';
import type { Part, PartAccount, PartProgress, Records, Stage } from '../workload.ts';
import type { Order, SagaMessage } from './messages.ts';
import { Participant } from './participant.ts';
import type { Outcome, Style } from './services.ts';

/** What the order service knows of an order from its placing to its end. */
interface Entry {
  readonly order: Order;
  readonly plannedNs: number;
  readonly phase: number;
  outcome: Outcome | undefined;
  endedAgain: number;
}

/** The order service: takes orders in from the topic of the load, and sees each of them to its end. */
export class OrderDesk implements Part {
  readonly windowFullNs = 0;
  readonly #spec: SagaSpec;
  readonly #payloads: Payloads;
  readonly #ledger: DeliveryLedger;
  readonly #identity = emptyIdentity();
  readonly #entries = new Map<string, Entry>();
  readonly #latency: Readonly<Record<Outcome, LatencyHistogram>> = {
    completed: new LatencyHistogram(),
    rejected: new LatencyHistogram(),
    cancelled: new LatencyHistogram(),
  };
  #participant: Participant | undefined;
  readonly #consumers: Consumer[] = [];
  #records: Records | undefined;
  #ended = 0;
  #lastArrivalNs = 0;

  private constructor(stage: Stage, spec: SagaSpec, subscription: string) {
    const { scenario, run, seed, maxExamples } = stage.plan;
    this.#spec = spec;
    this.#payloads = new Payloads(scenario.messages.sizeBytes, seed);
    const size = { producers: scenario.producers.count, keys: scenario.messages.keys.count, maxExamples };
    this.#ledger = new DeliveryLedger(subscription, run, size);
  }

  static async open(stage: Stage, spec: SagaSpec, style: Style, subscription: string): Promise<OrderDesk> {
    const desk = new OrderDesk(stage, spec, subscription);
    desk.#participant = await Participant.open(stage, spec, style, {
      name: 'order',
      service: style.order(),
      books: () => desk.#books(),
      ended: (message, outcome) => desk.#end(message, outcome),
    });
    const { plan, driver, onLost } = stage;
    const { count, window, workMs } = consumersOf(plan.scenario, subscription);
    for (let index = 0; index < count; index++) {
      const consumer = await driver.openConsumer(
        { topic: plan.topic, name: subscription },
        { contract: plan.scenario.contract, window, onLost },
        (message) => desk.#take(message, index, workMs),
      );
      desk.#consumers.push(consumer);
    }
    return desk;
  }

  async start(_startNs: number, records: Records): Promise<void> {
    this.#records = records;
  }

  stop(): void {
    // orders that were placed are brought to their end
  }

  get progress(): PartProgress {
    const { lastArrivalNs } = this.#participant?.progress ?? { lastArrivalNs: 0 };
    return {
      acknowledged: 0,
      arrived: this.#ended,
      lastArrivalNs: Math.max(lastArrivalNs, this.#lastArrivalNs),
      owed: 0,
    };
  }

  account(): PartAccount {
    const account = this.#participant?.account();
    if (account === undefined) throw new Error('the order service is not open');
    return { ...account, delivery: this.#ledger.account() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#consumers.splice(0).map((consumer) => consumer.close()));
    await this.#participant?.[Symbol.asyncDispose]();
  }

  async #take(
    { payload, redelivered }: ReceivedMessage,
    consumer: number,
    workMs: number,
  ): Promise<Settlement> {
    const arrivedNs = nowNs();
    this.#lastArrivalNs = arrivedNs;
    const identity = this.#identity;
    if (!this.#payloads.read(payload, identity)) {
      this.#ledger.corrupt();
      return 'done';
    }
    // a handling that crashed, or a relay that published twice
    const isOurs = this.#spec.crashes > 0 || this.#spec.placing === 'outbox';
    const isRetry = isOurs && this.#entries.has(idOf(identity));
    const mark = isRetry ? 'asked for' : redelivered ? 'redelivered' : 'unmarked';
    const delivery = this.#ledger.delivered(identity, consumer, mark);
    if (delivery === 'foreign') return 'done';
    this.#ledger.settled(identity.key, consumer);
    const order = this.#orderOf(identity);
    if (!this.#entries.has(order.id)) {
      const { plannedNs, phase } = identity;
      this.#entries.set(order.id, { order, plannedNs, phase, outcome: undefined, endedAgain: 0 });
    }
    if (workMs > 0) await sleep(workMs);
    return this.#participant?.take({ step: 'place', order }) ?? 'done';
  }

  #orderOf(identity: Identity): Order {
    return {
      id: idOf(identity),
      sku: identity.key % this.#spec.articles,
      amount: 100 + (identity.sequence % 9_900),
    };
  }

  #end({ order }: SagaMessage, outcome: Outcome): void {
    const entry = this.#entries.get(order.id);
    if (entry === undefined) return;
    if (entry.outcome !== undefined) {
      entry.endedAgain++;
      return;
    }
    entry.outcome = outcome;
    this.#ended++;
    const endedNs = nowNs();
    const tookNs = endedNs - entry.plannedNs;
    this.#latency[outcome].record(tookNs);
    const record = this.#records?.phases[entry.phase];
    if (record === undefined) return;
    record.delivered++;
    record.endToEnd.record(tookNs);
    this.#records?.intervals.delivered(endedNs, tookNs);
  }

  #books(): Books {
    const orders = new Map(
      [...this.#entries].map(([id, { order, outcome, endedAgain }]) => [
        id,
        { outcome, amount: order.amount, endedAgain },
      ]),
    );
    const latency = {
      completed: this.#latency.completed.encode(),
      rejected: this.#latency.rejected.encode(),
      cancelled: this.#latency.cancelled.encode(),
    };
    return { kind: 'order', orders, latency };
  }
}

function idOf({ producer, sequence }: Identity): string {
  return `${producer}-${sequence}`;
}
