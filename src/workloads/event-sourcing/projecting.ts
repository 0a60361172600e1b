import { nowNs } from '../../clock/index.ts';
import type { Identity } from '../../load/index.ts';
import { SequenceTimes, type Mark, type ProjectionAccount } from '../../measure/index.ts';
import type { Settlement } from '../../drivers/index.ts';
import type { TrialPlan } from '../../scenario/index.ts';
import type { Handling } from '../stream/handling.ts';
import { OrderFold } from './order-fold.ts';

/** Keeps a read model up to date with what is delivered, and notes when it had each event. */
export class Projecting implements Handling {
  readonly owed = 0;
  readonly #plan: TrialPlan;
  readonly #fold: OrderFold;
  readonly #appliedAt: readonly SequenceTimes[];

  constructor(plan: TrialPlan) {
    this.#plan = plan;
    this.#fold = new OrderFold(plan.seed);
    this.#appliedAt = Array.from({ length: plan.scenario.producers.count }, () => new SequenceTimes());
  }

  markOf(): Mark | undefined {
    return undefined;
  }

  settle(): Settlement {
    return 'done';
  }

  worked(identity: Identity): void {
    if (this.#fold.apply(identity) === 'dropped') return;
    if (this.#plan.scenario.load.phases[identity.phase]?.warmup === true) return;
    this.#appliedAt[identity.producer]?.note(identity.sequence, nowNs());
  }

  projection(): ProjectionAccount {
    return { ...this.#fold.account(), appliedAt: this.#appliedAt.map((times) => times.toArray()) };
  }
}
