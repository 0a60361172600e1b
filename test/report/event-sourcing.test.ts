import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventSourcingLines } from '../../src/report/event-sourcing.ts';
import type { TrialResult } from '../../src/result/index.ts';
import { latencyOf, trialOf } from '../result/fixtures/sample.ts';

type EventSourcing = NonNullable<TrialResult['eventSourcing']>;

const REPLAY: NonNullable<EventSourcing['replay']> = {
  aggregates: 1000,
  differing: 0,
  examples: [],
  events: 60_000,
  skipped: 0,
  missing: 0,
  extra: 0,
  recovered: 0,
  repeated: 0,
  outOfOrder: 0,
  seconds: 1.5,
  eventsPerSecond: 40_000,
};

function lines(eventSourcing: Partial<EventSourcing>): readonly string[] {
  const lag = latencyOf(Array.from({ length: 2000 }, (_, index) => 1 + (index % 4)));
  const projection = { applied: 60_000, dropped: 0, skipped: 0, lag, ahead: 0 };
  const trial = trialOf({
    eventSourcing: { projection, replay: REPLAY, unreadable: null, ...eventSourcing },
  });
  return eventSourcingLines({ scenario: trial.scenario, target: trial.target, trials: [trial] });
}

describe('what a report says of event sourcing', () => {
  it('given a log that comes to the same, says how long it took and how far the read model was behind', () => {
    const [line = ''] = lines({});
    assert.match(line, /^\S+: projection lag p50\/p99\/max \S+\/\S+\/\S+ ms after the acknowledgement; /);
    assert.match(
      line,
      /replay of 60,000 events in 1,500 ms \(40,000\/s\); all 1,000 aggregates are the same; 0 ack/,
    );
  });

  it('given aggregates that differ and events that are missing, counts them', () => {
    const [line = ''] = lines({ replay: { ...REPLAY, differing: 3, missing: 12 } });
    assert.match(line, /; 3 of 1,000 aggregates differ; 12 acknowledged events missing from the log$/);
  });

  it('given a log that could not be read, says why', () => {
    const [line = ''] = lines({ replay: null, unreadable: 'lost the broker' });
    assert.match(line, /; not replayed: lost the broker$/);
  });

  it('given another workload, says nothing', () => {
    const trial = trialOf();
    assert.deepEqual(eventSourcingLines({ scenario: 'a', target: 'b', trials: [trial] }), []);
  });
});
