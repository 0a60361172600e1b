import {
  type Consumer,
  type Driver,
  type Producer,
  type ReceivedMessage,
  type Settlement,
} from '../../drivers/index.ts';
import { emptyIdentity, keyName, readIdentity } from '../../load/index.ts';
import { consumersOf, type TrialPlan } from '../../scenario/index.ts';
import type { Part, PartAccount, PartProgress, Stage } from '../workload.ts';
import { sendUntilStored } from '../send-until-stored.ts';
import { repliesTo } from './replies.ts';

/** Tells a reply to a request that the broker had delivered before: it may be the second one. */
const AGAIN = { 'mqbench-again': '1' };

/** Answers each request with a reply of the same payload and key, and settles it when the reply is stored. */
export class Responding implements Part {
  readonly windowFullNs = 0;
  readonly #plan: TrialPlan;
  readonly #workMs: number;
  readonly #producer: Producer;
  readonly #consumers: Consumer[] = [];
  readonly #identity = emptyIdentity();
  #closing = false;

  private constructor(plan: TrialPlan, subscription: string, producer: Producer) {
    this.#plan = plan;
    this.#workMs = consumersOf(plan.scenario, subscription).workMs;
    this.#producer = producer;
  }

  static async open(stage: Stage, subscription: string): Promise<Responding> {
    const { plan, driver, onLost } = stage;
    const { contract, producers } = plan.scenario;
    const topic = repliesTo(plan.topic);
    const producer = await driver.openProducer(topic, { contract, batching: producers.batching });
    const responding = new Responding(plan, subscription, producer);
    const { count, window } = consumersOf(plan.scenario, subscription);
    const options = { contract, window, onLost };
    for (let index = 0; index < count; index++) {
      responding.#consumers.push(await responding.#openConsumer(driver, subscription, options));
    }
    return responding;
  }

  async start(): Promise<void> {
    // it answers what comes
  }

  stop(): void {
    // requests that were sent are answered still
  }

  get progress(): PartProgress {
    return { acknowledged: 0, arrived: undefined, lastArrivalNs: 0, owed: 0 };
  }

  account(): PartAccount {
    return { sends: [], delivery: undefined, unsent: 0, throttled: null };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#consumers.splice(0).map((consumer) => consumer.close()));
    await this.#producer.close();
  }

  #openConsumer(
    driver: Driver,
    subscription: string,
    options: Parameters<Driver['openConsumer']>[1],
  ): Promise<Consumer> {
    return driver.openConsumer({ topic: this.#plan.topic, name: subscription }, options, (message) =>
      this.#workMs === 0 ? this.#reply(message) : this.#replyLater(message),
    );
  }

  async #replyLater(message: ReceivedMessage): Promise<Settlement> {
    await new Promise((resolve) => {
      setTimeout(resolve, this.#workMs);
    });
    return this.#reply(message);
  }

  async #reply({ payload, redelivered }: ReceivedMessage): Promise<Settlement> {
    const identity = this.#identity;
    // a request that is corrupt gets no reply, and is missing there
    if (!readIdentity(payload, identity)) return 'done';
    const reply = { key: keyName(identity.key), payload };
    const marked = redelivered ? { ...reply, headers: AGAIN } : reply;
    await sendUntilStored(this.#producer, marked, () => this.#closing);
    return 'done';
  }
}

export function isAgain({ headers }: ReceivedMessage): boolean {
  return headers?.['mqbench-again'] === '1';
}
