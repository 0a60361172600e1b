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

const SCHEMA = `${STREAM.replace('stream', 'schema-evolution')}schema:
  format: avro
  upgrade:
    producers: [{ at: 10s, to: v3 }, { at: 5s, to: v2 }]
    consumers: [{ at: 0s, of: main, to: v2 }]
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
    assert.deepEqual(parseScenario(SCHEMA, 's.yaml').schema, {
      format: 'avro',
      envelope: 'none',
      registry: 'none',
      validated: true,
      breaking: 'removed-field',
      producers: [
        { atSeconds: 5, to: 'v2' },
        { atSeconds: 10, to: 'v3' },
      ],
      consumers: [{ atSeconds: 0, subscription: 'main', to: 'v2' }],
    });
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
        's.yaml:5:46: checks[2]: timeToSuccess.p99 is of "workload: dead-letter or schema-evolution" only, not stream',
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
    [
      'events that have no schema',
      STREAM.replace('stream', 'schema-evolution'),
      's.yaml:1:11: workload: "schema-evolution" needs the key "schema"',
    ],
    [
      'a format that nobody knows',
      SCHEMA.replace('avro', 'arvo'),
      's.yaml:6:11: unknown schema.format "arvo" (allowed: json, avro, protobuf); did you mean "avro"?',
    ],
    [
      'an upgrade after the end',
      SCHEMA.replace('at: 10s', 'at: 30s'),
      's.yaml:8:23: schema.upgrade.producers[0].at: is at 30 s, and the load ends at 20 s; let it be earlier, or the load longer',
    ],
    [
      'two versions at a time',
      SCHEMA.replace('at: 10s', 'at: 5s'),
      's.yaml:8:43: schema.upgrade.producers[1].at: there is a version for 5 s already; let one come later',
    ],
    [
      'readers of a subscription that there is not',
      SCHEMA.replace('of: main', 'of: mian'),
      's.yaml:9:31: schema.upgrade.consumers[0].of: no subscription "mian"; the subscriptions are main',
    ],
    [
      'readers of what breaks them',
      SCHEMA.replace('of: main, to: v2', 'of: main, to: v3'),
      's.yaml:9:41: unknown schema.upgrade.consumers[0].to "v3" (allowed: v1, v2); did you mean "v1"?',
    ],
    [
      'messages in which no event fits',
      SCHEMA.replace('1KiB', '512B'),
      's.yaml:3:19: messages.size: "schema-evolution" sends events of up to 1024 bytes, each as large as it is; use 1KiB',
    ],
    [
      'a contract under which nothing is rejected',
      SCHEMA.replace('leader-acked', 'fire-and-forget'),
      's.yaml:2:11: contract: under fire-and-forget consumers settle a message before they handle it, and "schema-evolution" has to have it again; use leader-acked or stronger',
    ],
  ] as const) {
    it(`is refused for ${what}`, () => assert.equal(refusal(text).join('\n'), message));
  }
});
