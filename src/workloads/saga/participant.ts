import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../../clock/index.ts';
import type { Consumer, Producer, ReceivedMessage, Settlement } from '../../drivers/index.ts';
import { drawnShare } from '../../load/index.ts';
import type { Books } from '../../measure/index.ts';
import { consumersOf, type SagaSpec } from '../../scenario/index.ts';
import { sendUntilStored } from '../send-until-stored.ts';
import type { Part, PartAccount, PartProgress, Stage } from '../workload.ts';
import { decode, encode, type ParticipantName, type SagaMessage } from './messages.ts';
import type { Outcome, Reaction, Service, Style } from './services.ts';
import { channelTopic } from './topics.ts';

/** What is particular to a service. */
export interface Duties {
  readonly name: ParticipantName;
  readonly service: Service;
  /** what it has in the end */
  books(): Books;
  /** called when an order is over; the order service only */
  ended?(message: SagaMessage, outcome: Outcome): void;
}

/**
 * One service as an agent: consumes the channels it listens to, has its service react once to each message, sends what
 * that says, and settles the message when all of it is stored. What it reacted is kept by message (the inbox), so that
 * one that comes again has no effect again and its answers are sent again.
 */
export class Participant implements Part {
  readonly windowFullNs = 0;
  readonly #stage: Stage;
  readonly #spec: SagaSpec;
  readonly #style: Style;
  readonly #duties: Duties;
  readonly #producers = new Map<string, Producer>();
  readonly #consumers: Consumer[] = [];
  readonly #inbox = new Map<string, Reaction>();
  readonly #crashed = new Set<string>();
  #closing = false;
  #ignored = 0;
  #sent = 0;
  #lastNs = 0;

  private constructor(stage: Stage, spec: SagaSpec, style: Style, duties: Duties) {
    this.#stage = stage;
    this.#spec = spec;
    this.#style = style;
    this.#duties = duties;
  }

  static async open(stage: Stage, spec: SagaSpec, style: Style, duties: Duties): Promise<Participant> {
    const participant = new Participant(stage, spec, style, duties);
    for (const { name } of style.channels) await participant.#openProducer(name);
    for (const { name, listeners } of style.channels) {
      if (listeners.includes(duties.name)) await participant.#listen(name);
    }
    return participant;
  }

  async start(): Promise<void> {
    // it answers what comes
  }

  stop(): void {
    // orders that were placed are brought to their end
  }

  get progress(): PartProgress {
    return { acknowledged: 0, arrived: undefined, lastArrivalNs: this.#lastNs, owed: 0 };
  }

  account(): PartAccount {
    const participant = {
      name: this.#duties.name,
      sent: this.#sent,
      ignored: this.#ignored,
      inboxSize: this.#inbox.size,
      books: this.#duties.books(),
    };
    return { sends: [], delivery: undefined, unsent: 0, throttled: null, participant };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#consumers.splice(0).map((consumer) => consumer.close()));
    await Promise.all([...this.#producers.values()].map((producer) => producer.close()));
  }

  /**
   * Has the service react to a message, once; and sends what it says, until that is stored. What is to crash does so
   * when the effect is there and nothing is sent: the message is then taken as if it had come again.
   */
  async take(message: SagaMessage): Promise<'done'> {
    const id = `${message.order.id} ${message.step}`;
    if (!this.#react(id, message)) return 'done';
    if (!this.#crashed.has(id) && this.#draw(message, 'crash') < this.#spec.crashes) {
      this.#crashed.add(id);
      this.#react(id, message);
    }
    const { sends = [] } = this.#inbox.get(id) ?? {};
    await Promise.all(sends.map((step) => this.#send({ step, order: message.order })));
    return 'done';
  }

  /** false for what is not its business */
  #react(id: string, message: SagaMessage): boolean {
    if (this.#spec.inbox && this.#inbox.has(id)) {
      this.#ignored++;
      return true;
    }
    const reaction = this.#duties.service.on(message);
    if (reaction === undefined) return false;
    this.#inbox.set(id, reaction);
    if (reaction.ends !== undefined) this.#duties.ended?.(message, reaction.ends);
    return true;
  }

  async #send(message: SagaMessage): Promise<void> {
    const channel = this.#style.channelOf(message.step);
    const producer = this.#producers.get(channel);
    if (producer === undefined) throw new Error(`no channel ${channel}`);
    const times = this.#draw(message, 'twice') < this.#spec.duplicates ? 2 : 1;
    for (let time = 0; time < times; time++) {
      const letter = { key: message.order.id, payload: encode(message) };
      if (!(await sendUntilStored(producer, letter, () => this.#closing))) return;
      this.#sent++;
    }
  }

  async #openProducer(channel: string): Promise<void> {
    const { plan, driver } = this.#stage;
    const { contract, producers } = plan.scenario;
    const topic = channelTopic(plan.topic, channel);
    this.#producers.set(
      channel,
      await driver.openProducer(topic, { contract, batching: producers.batching }),
    );
  }

  async #listen(channel: string): Promise<void> {
    const { plan, driver, onLost } = this.#stage;
    const { count, window, workMs } = consumersOf(plan.scenario, this.#duties.name);
    for (let opened = 0; opened < count; opened++) {
      const consumer = await driver.openConsumer(
        { topic: channelTopic(plan.topic, channel), name: this.#duties.name },
        { contract: plan.scenario.contract, window, onLost },
        (message) => this.#receive(message, workMs),
      );
      this.#consumers.push(consumer);
    }
  }

  async #receive({ payload }: ReceivedMessage, workMs: number): Promise<Settlement> {
    this.#lastNs = nowNs();
    const message = decode(payload);
    if (message === undefined) return 'done';
    if (workMs > 0) await sleep(workMs);
    return this.take(message);
  }

  #draw({ order, step }: SagaMessage, purpose: string): number {
    return drawnShare(`${order.id} ${step} ${purpose}`, this.#stage.plan.seed);
  }
}
