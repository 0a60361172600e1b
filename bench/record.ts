import { emptyIdentity } from '../src/load/index.ts';
import { DeliveryLedger, IntervalCounter, PhaseRecord, SendLedger } from '../src/measure/index.ts';
import { nowNs } from '../src/clock/index.ts';
import { median } from '../src/stats/index.ts';

/** What recording one message costs: four latencies, both sides' intervals, and both sides of the ledger. */
const MESSAGES = 1_000_000;
const ROUNDS = 9;

const perMessageNs = Array.from({ length: ROUNDS }, () => round());
const warm = perMessageNs.slice(2);
console.log(
  `recording and ledger: ${(median(warm) ?? NaN).toFixed(0)} ns a message ` +
    `(${warm.map((each) => each.toFixed(0)).join(' ')}), clock reads not included`,
);

function round(): number {
  const record = new PhaseRecord();
  const intervals = new IntervalCounter(0, []);
  const sends = new SendLedger(0);
  const deliveries = new DeliveryLedger('bench', 1, { producers: 1, keys: 10_000, maxExamples: 48 });
  const identity = { ...emptyIdentity(), run: 1 };
  const startNs = nowNs();
  for (let message = 0; message < MESSAGES; message++) {
    const at = message * 1000;
    const sequence = sends.attempt();
    record.scheduleDebt.record(100_000);
    intervals.attempted(at);
    sends.acknowledged(sequence);
    record.acknowledge.record(1_500_000 + (message & 0xffff));
    record.service.record(1_400_000 + (message & 0xffff));
    intervals.acknowledged(at);
    identity.sequence = sequence;
    identity.key = message % 10_000;
    identity.keySequence = Math.floor(message / 10_000);
    deliveries.delivered(identity, 0, 'unmarked');
    record.endToEnd.record(1_600_000 + (message & 0xffff));
    intervals.delivered(at, 1_600_000 + (message & 0xffff));
    deliveries.settled(identity.key, 0);
  }
  return (nowNs() - startNs) / MESSAGES;
}
