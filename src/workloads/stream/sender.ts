import { nowNs } from '../../clock/index.ts';
import { type Producer, SendError } from '../../drivers/index.ts';
import { type Arrivals, drawKeys, emptyIdentity, keyName } from '../../load/index.ts';
import { SendLedger, WindowFull, type SendAccount } from '../../measure/index.ts';
import { arrivalsOf, type TrialPlan } from '../../scenario/index.ts';
import type { Records } from '../workload.ts';
import type { Contents } from './contents.ts';

/** Sends in one turn of the event loop before acknowledgements get their turn. */
const BURST = 256;

/** How a sender reaches the agent that keeps its alarm. */
export interface SenderHooks {
  /** nothing is left to send and every send is settled */
  idle(): void;
  /** `pump` wants another call although it returned Infinity */
  again(): void;
}

/**
 * One producer's part of the plan, sent open-loop: each message when it is due, or at once when it is
 * overdue, and billed from the plan either way. Nothing is skipped. The only thing that holds a due message
 * back is a full window; the wait is in its latency, and in `windowFullNs`.
 *
 * Every sender walks the whole plan and sends the messages of its own keys, so the same messages are sent
 * at the same times however many senders there are; and a key has one writer.
 */
export class Sender {
  readonly #producer: Producer;
  readonly #index: number;
  readonly #plan: TrialPlan;
  readonly #records: Records;
  readonly #startNs: number;
  readonly #arrivals: Arrivals;
  readonly #draw: () => number;
  readonly #contents: Contents;
  readonly #ledger: SendLedger;
  readonly #keyNames: (string | undefined)[] = [];
  readonly #keySequences: Uint32Array;
  readonly #identity = emptyIdentity();
  readonly #hooks: SenderHooks;
  #dueNs = Infinity;
  #key = 0;
  #inFlight = 0;
  #acknowledged = 0;
  readonly #windowFull = new WindowFull();
  #resting = false;

  constructor(
    producer: Producer,
    index: number,
    plan: TrialPlan,
    startNs: number,
    records: Records,
    contents: Contents,
    hooks: SenderHooks,
  ) {
    const { messages } = plan.scenario;
    this.#producer = producer;
    this.#index = index;
    this.#plan = plan;
    this.#startNs = startNs;
    this.#records = records;
    this.#hooks = hooks;
    this.#arrivals = arrivalsOf(plan);
    this.#draw = drawKeys(messages.keys, plan.seed);
    this.#contents = contents;
    this.#ledger = new SendLedger(index);
    this.#keySequences = new Uint32Array(messages.keys.count);
    this.#identity.run = plan.run;
    this.#identity.producer = index;
    this.#next();
  }

  /** nothing left to send, and every send settled */
  get idle(): boolean {
    return this.#dueNs === Infinity && this.#inFlight === 0;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  get windowFullNs(): number {
    return this.#windowFull.totalNs(nowNs());
  }

  /** Sends what is due; returns when to call again, Infinity when it needs no call. */
  pump(): number {
    let now = nowNs();
    for (let sent = 0; this.#dueNs <= now; sent++) {
      if (this.#inFlight >= this.#plan.scenario.producers.window) {
        this.#windowFull.begin(now);
        return Infinity;
      }
      if (sent === BURST) {
        this.#rest();
        return Infinity;
      }
      this.#send(now);
      this.#next();
      now = nowNs();
    }
    return this.#dueNs;
  }

  /** Gives up what is not yet sent; returns how many messages that is. */
  stop(): number {
    let unsent = 0;
    for (; this.#dueNs < Infinity; this.#next()) unsent++;
    return unsent;
  }

  account(): SendAccount {
    return this.#ledger.account();
  }

  /** Moves to the next arrival whose key is ours. */
  #next(): void {
    const { producers } = this.#plan.scenario;
    while (this.#arrivals.advance()) {
      this.#key = this.#draw();
      if (this.#key % producers.count !== this.#index) continue;
      this.#dueNs = this.#startNs + this.#arrivals.dueSeconds * 1e9;
      return;
    }
    this.#dueNs = Infinity;
  }

  #send(now: number): void {
    const plannedNs = this.#dueNs;
    const phase = this.#arrivals.phase;
    const sequence = this.#ledger.attempt();
    const identity = this.#identity;
    identity.phase = phase;
    identity.sequence = sequence;
    identity.key = this.#key;
    identity.keySequence = this.#keySequences[this.#key] ?? 0;
    identity.plannedNs = plannedNs;
    this.#keySequences[this.#key] = identity.keySequence + 1;
    const record = this.#records.phases[phase];
    if (record === undefined) throw new RangeError(`phase ${phase}`);
    record.attempted++;
    record.scheduleDebt.record(now - plannedNs);
    // by a rounding error below 0 where all of it was such a wait
    record.clientDebt.record(Math.max(0, now - plannedNs - this.#windowFull.sinceNs(plannedNs)));
    this.#records.intervals.attempted(now);
    this.#inFlight++;
    const key = (this.#keyNames[this.#key] ??= keyName(this.#key));
    const content = this.#contents.write(identity);
    this.#producer.send({ key, ...content }).then(
      () => {
        // an acknowledged payload has left the client; one that is merely written, or failed, may not have
        if (this.#plan.scenario.contract !== 'fire-and-forget') this.#contents.recycle(content.payload);
        const acknowledgedNs = nowNs();
        this.#ledger.acknowledged(sequence);
        record.acknowledged++;
        record.acknowledge.record(acknowledgedNs - plannedNs);
        record.service.record(acknowledgedNs - now);
        this.#records.intervals.acknowledged(acknowledgedNs);
        this.#acknowledged++;
        this.#settled();
      },
      (error: unknown) => {
        if (!(error instanceof SendError)) throw error;
        if (error.outcome === 'refused') this.#ledger.refused(sequence);
        else if (error.outcome === 'failed') this.#ledger.failed(sequence);
        this.#records.intervals.notAcknowledged(nowNs());
        this.#ledger.explain({ outcome: error.outcome, reason: error.message, mend: error.mend });
        this.#settled();
      },
    );
  }

  #settled(): void {
    this.#inFlight--;
    if (this.#windowFull.end(nowNs())) this.#rest();
    if (this.idle) this.#hooks.idle();
  }

  /** Goes on in the next turn of the event loop. */
  #rest(): void {
    if (this.#resting) return;
    this.#resting = true;
    setImmediate(() => {
      this.#resting = false;
      this.#hooks.again();
    });
  }
}
