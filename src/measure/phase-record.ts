import { LATENCIES, LatencyHistogram, type EncodedLatency, type LatencyName } from './latency.ts';

/** What one agent measured of one phase, as plain data. Phases are those in which a message was planned. */
export interface PhaseAccount {
  readonly attempted: number;
  readonly acknowledged: number;
  /** first deliveries, over the subscriptions of the agent */
  readonly delivered: number;
  readonly latency: Readonly<Record<LatencyName, EncodedLatency>>;
  readonly clientDebt: EncodedLatency;
}

/** Counts and latencies of one phase. */
export class PhaseRecord {
  attempted = 0;
  acknowledged = 0;
  delivered = 0;
  readonly endToEnd = new LatencyHistogram();
  readonly acknowledge = new LatencyHistogram();
  readonly service = new LatencyHistogram();
  readonly scheduleDebt = new LatencyHistogram();
  /** the part of the schedule debt that was no wait for a full window: the client's own lateness */
  readonly clientDebt = new LatencyHistogram();

  add(account: PhaseAccount): void {
    this.attempted += account.attempted;
    this.acknowledged += account.acknowledged;
    this.delivered += account.delivered;
    for (const name of LATENCIES) this[name].add(account.latency[name]);
    this.clientDebt.add(account.clientDebt);
  }

  account(): PhaseAccount {
    return {
      attempted: this.attempted,
      acknowledged: this.acknowledged,
      delivered: this.delivered,
      latency: {
        endToEnd: this.endToEnd.encode(),
        acknowledge: this.acknowledge.encode(),
        service: this.service.encode(),
        scheduleDebt: this.scheduleDebt.encode(),
      },
      clientDebt: this.clientDebt.encode(),
    };
  }
}
