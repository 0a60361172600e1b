import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { resultSchema, type TrialResult } from '../../src/result/index.ts';
import { folderOf } from '../scenario/fixtures/folder.ts';
import { isTested } from './fixtures/running.ts';

/** What the workloads come to on real brokers, by the command. */
const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** a target, and the broker that `mqbench up` must have running for it */
const TARGETS = [
  ['kafka', 'kafka'],
  ['rabbitmq', 'rabbitmq'],
  ['nats', 'nats'],
  ['redis', 'redis'],
] as const;

async function run(t: TestContext, target: string, scenario: string): Promise<TrialResult> {
  await using folder = await folderOf({ 'scenario.yaml': scenario });
  const args = [main, 'run', 'scenario.yaml', '--target', target, '--json', '--out', 'results'];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: folder.path,
    maxBuffer: 64 * 2 ** 20,
  }).catch((error: unknown) => {
    // a busy machine makes a trial the client's (4); what is wrong would be 1
    const { code, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
    assert.equal(code, 4, stderr);
    return { stdout };
  });
  const [trial] = resultSchema.parse(JSON.parse(stdout)).trials;
  assert.ok(trial !== undefined);
  t.diagnostic(JSON.stringify({ verdict: trial.verdict, warnings: trial.warnings }));
  return trial;
}

const DEAD_LETTER = `workload: dead-letter
contract: leader-acked
messages: { size: 256B, keys: { count: 100 } }
topology: { partitions: 2, subscriptions: [payments] }
consumers: { count: 2 }
failures: { transient: 5%, poison: 2%, malformed: 1% }
retry: { attempts: 2, delay: 1s }
redrive: { at: 4s }
load: { phases: [{ name: steady, rate: 150/s, for: 6s }] }
`;

const REQUEST_REPLY = `workload: request-reply
contract: leader-acked
messages: { size: 256B, keys: { count: 100 } }
topology: { partitions: 2, subscriptions: [pricing] }
load: { phases: [{ name: steady, rate: 150/s, for: 4s }] }
`;

const SCHEMA_EVOLUTION = `workload: schema-evolution
contract: leader-acked
messages: { size: 1KiB, keys: { count: 100 } }
topology: { partitions: 2, subscriptions: [billing, analytics] }
schema:
  format: avro
  envelope: cloudevents-binary
  upgrade:
    producers: [{ at: 2s, to: v2 }, { at: 4s, to: v3 }]
    consumers: [{ at: 0s, of: analytics, to: v2 }]
load: { arrivals: uniform, phases: [{ name: upgrade, rate: 100/s, for: 6s }] }
`;

const EVENT_SOURCING = `workload: event-sourcing
contract: leader-acked
messages: { size: 256B, keys: { count: 50 } }
topology: { partitions: 2, subscriptions: [projection] }
load: { phases: [{ name: steady, rate: 300/s, for: 4s }] }
`;

/** Those that keep a log; what their drivers read of it is the contract suite's. */
const LOGS = [
  ['kafka', 'kafka'],
  ['rabbitmq-stream', 'rabbitmq'],
  ['nats', 'nats'],
  ['redis', 'redis'],
  ['pulsar', 'pulsar'],
] as const;

/** Each has a broker of its own, and little to do. */
describe('logs that are read again', { concurrency: 3 }, () => {
  for (const [target, broker] of LOGS) {
    test(`given events on ${target}, then the log comes to the state of the projection`, async (t) => {
      if (!(await isTested(t, broker))) return;
      const { eventSourcing, ledger } = await run(t, target, EVENT_SOURCING);
      const { replay, projection } = eventSourcing ?? {};
      assert.ok(replay !== null && replay !== undefined);
      const { aggregates, differing, missing, extra, repeated, events } = replay;
      assert.deepEqual(
        { aggregates, differing, missing, extra },
        { aggregates: 50, differing: 0, missing: 0, extra: 0 },
      );
      assert.equal(events - repeated, ledger.acknowledged + replay.recovered);
      assert.equal(projection?.lag.count, ledger.acknowledged);
    });
  }
});

describe('workloads', { concurrency: 3 }, () => {
  for (const [target, broker] of TARGETS) {
    describe(target, () => {
      test(`given an event whose schema changes on ${target}, then each reader makes of it what it can, and what none can read is a dead letter`, async (t) => {
        if (!(await isTested(t, broker))) return;
        const { schemaEvolution, deadLetters, ledger } = await run(t, target, SCHEMA_EVOLUTION);
        const found = (schemaEvolution?.cells ?? []).map(
          ({ writer, reader, ok, defaulted, droppedField, deadLettered, silentlyWrong }) =>
            [writer, reader, ok, defaulted, droppedField, deadLettered, silentlyWrong].join(' '),
        );
        assert.deepEqual(found, [
          'v1 v1 200 0 0 0 0',
          'v1 v2 0 200 0 0 0',
          'v2 v1 0 0 200 0 0',
          'v2 v2 200 0 0 0 0',
          'v3 v1 0 0 0 200 0',
          'v3 v2 0 0 0 200 0',
        ]);
        assert.deepEqual([deadLetters?.found, deadLetters?.missing, deadLetters?.unexpected], [400, 0, 0]);
        assert.deepEqual([ledger.lost, ledger.phantom, ledger.corrupt], [0, 0, 0]);
      });

      test(`given messages that fail on ${target}, then each is retried, becomes a dead letter, and is redriven`, async (t) => {
        if (!(await isTested(t, broker))) return;
        const { deadLetters, ledger } = await run(t, target, DEAD_LETTER);
        assert.ok(deadLetters !== null);
        const { givenUp, found, missing, unexpected, redriven, redrivenMissing, retries } = deadLetters;
        assert.ok(givenUp > 5 && retries > 20, `${givenUp} given up, ${retries} retries`);
        assert.deepEqual([found, missing, unexpected], [givenUp, 0, 0]);
        assert.deepEqual([redriven, redrivenMissing], [givenUp, 0]);
        assert.deepEqual([ledger.lost, ledger.phantom, ledger.corrupt], [0, 0, 0]);
      });

      test(`given requests on ${target}, then each has its reply`, async (t) => {
        if (!(await isTested(t, broker))) return;
        const { ledger, measured } = await run(t, target, REQUEST_REPLY);
        assert.ok(ledger.attempted > 400);
        assert.deepEqual([ledger.delivered, ledger.lost, ledger.phantom], [ledger.attempted, 0, 0]);
        assert.ok((measured.latency.endToEnd.p50Us ?? 0) > 0);
      });
    });
  }
});

test('given consumers that crash, then others go on in their place, and every message is accounted for', async (t) => {
  if (!(await isTested(t, 'rabbitmq'))) return;
  const { faults, ledger, recoveries, verdict } = await run(
    t,
    'rabbitmq',
    `workload: stream
contract: leader-acked
messages: { size: 256B, keys: { count: 100 } }
consumers: { work: 20ms }
faults: [{ at: 4s, do: crash-consumers, for: 1s }]
load: { phases: [{ name: steady, rate: 200/s, for: 12s }] }
`,
  );
  const [crash] = faults;
  assert.equal(crash?.kind, 'crash-consumers');
  assert.ok((crash.toSeconds ?? 0) > 5);
  assert.deepEqual([ledger.lost, ledger.delivered], [0, ledger.attempted]);
  // what they had in their hands, and had not settled
  assert.ok(ledger.duplicates > 0 && ledger.silentDuplicates === 0, `${ledger.duplicates} redelivered`);
  assert.equal(recoveries[0]?.after, 'crash-consumers at 4 s');
  assert.notEqual(verdict, 'incorrect');
});
