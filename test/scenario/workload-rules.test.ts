import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseScenario } from '../../src/scenario/index.ts';
import { refusal } from './fixtures/valid.ts';

const STREAM = `workload: stream
contract: leader-acked
messages: { size: 1KiB }
load: { phases: [{ name: only, rate: 10/s, for: 20s }] }
`;
const DEAD_LETTER = `${STREAM.replace('stream', 'dead-letter')}failures: { transient: 5%, poison: 1% }
retry: { attempts: 3, delay: 1s }
redrive: { at: 10s }
`;
const SAGA = `${STREAM.replace('stream', 'saga')}saga: { style: choreography }
`;

describe('a scenario of a workload', () => {
  it('is resolved with what belongs to it', () => {
    assert.deepEqual(parseScenario(DEAD_LETTER, 's.yaml').deadLetters, {
      shares: { transient: 0.05, poison: 0.01, malformed: 0 },
      failingAttempts: 1,
      maxAttempts: 3,
      delayMs: 1000,
      redriveAtSeconds: 10,
    });
    const { saga } = parseScenario(SAGA, 's.yaml');
    assert.deepEqual([saga?.style, saga?.inbox, saga?.placing], ['choreography', true, 'direct']);
  });

  for (const [what, text, message] of [
    [
      'what belongs to another',
      `${STREAM}retry: { attempts: 3, delay: 1s }\n`,
      's.yaml:5:1: retry is for "workload: dead-letter" only, not stream',
    ],
    [
      'missing what it needs',
      STREAM.replace('stream', 'saga'),
      's.yaml:1:11: workload: "saga" needs the key "saga"',
    ],
    [
      'a contract under which nothing can be tried again',
      DEAD_LETTER.replace('leader-acked', 'fire-and-forget'),
      's.yaml:2:11: contract: under fire-and-forget consumers settle a message before they handle it, and "dead-letter" has to have it again; use leader-acked or stronger',
    ],
    [
      'failures that no message has',
      DEAD_LETTER.replace('{ transient: 5%, poison: 1% }', '{}'),
      's.yaml:5:11: failures: no message fails; give "transient", "poison" or "malformed" a share',
    ],
    [
      'a redrive after the end',
      DEAD_LETTER.replace('at: 10s', 'at: 30s'),
      's.yaml:7:16: redrive.at: is at 30 s, and the load ends at 20 s; let it be earlier, or the load longer',
    ],
    [
      'a redrive to those who had no trouble',
      `${DEAD_LETTER}topology: { subscriptions: [a, b] }\n`,
      's.yaml:7:10: redrive: what is sent again to the topic goes to all of its 2 subscriptions; leave one',
    ],
    [
      'an unknown participant',
      `${SAGA}consumers: { of: { paymint: { window: 5 } } }\n`,
      's.yaml:6:20: consumers.of: no participant "paymint"; the participants are main, order, payment, inventory, shipping',
    ],
    [
      'a check of what only another has',
      `${STREAM}checks: [ledger.lost == 0, saga.broken == 0, timeToSuccess.p99<=2s]\n`,
      [
        's.yaml:5:28: checks[1]: saga.broken is of "workload: saga" only, not stream',
        's.yaml:5:46: checks[2]: timeToSuccess.p99 is of "workload: dead-letter" only, not stream',
      ].join('\n'),
    ],
    [
      'services that come and go',
      `${SAGA}consumers: { changes: [{ at: 1s, do: join }] }\n`,
      's.yaml:6:23: consumers.changes: the services of a saga do not come and go; leave it out',
    ],
    [
      'two read models beside one log',
      `${STREAM.replace('stream', 'event-sourcing')}topology: { subscriptions: [a, b] }\n`,
      's.yaml:5:28: topology.subscriptions: the log is compared with one read model; leave one subscription',
    ],
    [
      'consumers that cannot crash',
      `${SAGA}faults: [{ at: 1s, do: crash-consumers, for: 1s }]\n`,
      's.yaml:6:24: faults[0].do: crash-consumers is for "workload: stream" only, not saga',
    ],
  ] as const) {
    it(`is refused for ${what}`, () => assert.equal(refusal(text).join('\n'), message));
  }
});
