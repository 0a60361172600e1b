import { nowNs } from '../../clock/index.ts';
import type { Driver } from '../../drivers/index.ts';
import { emptyIdentity, Payloads } from '../../load/index.ts';
import { DeliveryLedger, type ReplayAccount } from '../../measure/index.ts';
import type { TrialPlan } from '../../scenario/index.ts';
import { UserError } from '../../user-error.ts';
import { OrderFold } from './order-fold.ts';

/** A log that gives nothing for as long is given up. */
const SILENCE_MS = 30_000;

/**
 * Reads the log of a trial from its start and folds it, as a read model that is built anew would.
 * @throws UserError (exit code 3) where the broker goes silent
 */
export async function replay(plan: TrialPlan, driver: Driver, signal: AbortSignal): Promise<ReplayAccount> {
  const { scenario, run, seed, maxExamples, topic } = plan;
  if (driver.readLog === undefined) throw new Error(`${driver.server.product} has no log to read`);
  const payloads = new Payloads(scenario.messages.sizeBytes, seed);
  const size = { producers: scenario.producers.count, keys: scenario.messages.keys.count, maxExamples };
  const ledger = new DeliveryLedger('the log', run, size);
  const fold = new OrderFold(seed);
  const identity = emptyIdentity();
  const startNs = nowNs();
  let lastNs = startNs;
  const silence = new AbortController();
  const watch = setInterval(() => {
    if (nowNs() - lastNs > SILENCE_MS * 1e6) silence.abort(silent(topic));
  }, 1_000);
  try {
    await driver.readLog(
      topic,
      (payload) => {
        lastNs = nowNs();
        if (!payloads.read(payload, identity)) return ledger.corrupt();
        if (ledger.delivered(identity, 0, 'redelivered') === 'foreign') return;
        ledger.settled(identity.key, 0);
        fold.apply(identity);
      },
      AbortSignal.any([signal, silence.signal]),
    );
  } finally {
    clearInterval(watch);
  }
  const seconds = (nowNs() - startNs) / 1e9;
  return { ...fold.account(), delivery: ledger.account(), seconds };
}

function silent(topic: string): UserError {
  return new UserError(`the log of ${topic} gave nothing for ${SILENCE_MS / 1000} s, and is not at its end`, {
    code: 'run.log-silent',
    exitCode: 3,
    hint: "look at the broker's log",
  });
}
