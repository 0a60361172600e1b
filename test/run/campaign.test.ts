import assert from 'node:assert/strict';
import { access, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { MemoryBroker } from '../../src/brokers/index.ts';
import { MemoryDriver } from '../../src/drivers/memory/index.ts';
import { readResult } from '../../src/result/index.ts';
import { NO_FAULTS } from '../../src/run/faults.ts';
import { runCampaign } from '../../src/run/index.ts';
import type { TrialPlan } from '../../src/scenario/index.ts';
import { folderOf } from '../scenario/fixtures/folder.ts';
import { BLIND, memoryTarget, phase, scenarioOf } from './fixtures/scenario.ts';

type Options = Parameters<typeof runCampaign>[0];
type Events = Parameters<typeof runCampaign>[1];

const QUIET: Events = {
  preflightPassed: () => undefined,
  refused: () => undefined,
  trialStarted: () => undefined,
  progress: () => undefined,
  trialEnded: () => undefined,
  trialFailed: () => undefined,
};

function optionsOf(out: string, changes: Partial<Options>): Options {
  return {
    scenarios: [scenarioOf()],
    targets: [],
    repeats: 1,
    seed: 5,
    out,
    contracts: 'at least',
    version: '0.0.0',
    observer: BLIND,
    faults: NO_FAULTS,
    ...changes,
  };
}

/** Topics of any campaign that are still on the broker. */
async function leftovers(port: number): Promise<readonly string[]> {
  const { config } = memoryTarget('witness', port);
  const signal = new AbortController().signal;
  await using witness = await MemoryDriver.connect(
    config as Parameters<typeof MemoryDriver.connect>[0],
    signal,
  );
  return await witness.deleteLeftovers('mqbench.');
}

const never = new AbortController().signal;

describe('a campaign', () => {
  it('given a scenario that one target cannot run: runs the rest, and says what it left out and why', async () => {
    await using out = await folderOf({});
    await using broker = await MemoryBroker.start();
    const scenarios = [
      scenarioOf(),
      scenarioOf({ name: 'huge', messages: { ...scenarioOf().messages, sizeBytes: 16 * 2 ** 20 + 1 } }),
    ];
    const refused: string[] = [];
    const { result } = await runCampaign(
      optionsOf(out.path, { scenarios, targets: [memoryTarget('A', broker.port)] }),
      { ...QUIET, refused: ({ scenario, target }) => refused.push(`${scenario} on ${target}`) },
      never,
    );
    assert.deepEqual(refused, ['huge on A']);
    assert.deepEqual(
      result.trials.map(({ scenario, position }) => [scenario, position]),
      [['tiny', 1]],
    );
    assert.equal(result.plannedTrials, 1);
    const [refusal] = result.refusals;
    assert.match(
      refusal?.reason ?? '',
      /^a message of 16777217 bytes was refused: .*; lower messages\.size of/,
    );
    assert.deepEqual(await leftovers(broker.port), []);
  });

  it('reads the canary in its folder before the first trial and after the last, as far as it can', async () => {
    await using out = await folderOf({});
    await using broker = await MemoryBroker.start();
    const readings: string[] = [];
    const READING = { spinUs: 280, roundTripUs: 40, fsyncUs: 150 };
    const run = async (fails: 'never' | 'afterwards', events = QUIET, signal = never) =>
      runCampaign(
        optionsOf(out.path, {
          targets: [memoryTarget('A', broker.port)],
          readCanary: async (directory) => {
            readings.push(directory);
            if (fails === 'afterwards' && readings.length % 2 === 0)
              throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
            return { ...READING, spinUs: 280 + readings.length };
          },
        }),
        events,
        signal,
      );
    const { result, directory } = await run('never');
    assert.deepEqual(result.canary, {
      before: { ...READING, spinUs: 281 },
      after: { ...READING, spinUs: 282 },
    });
    assert.deepEqual(readings, [directory, directory]);
    assert.deepEqual((await readResult(directory)).canary, result.canary);
    const full = await run('afterwards');
    assert.equal(full.result.canary?.after, null);
    const interruption = new AbortController();
    const cut = await run(
      'never',
      { ...QUIET, trialStarted: () => interruption.abort() },
      interruption.signal,
    );
    assert.deepEqual([cut.result.canary?.before.spinUs, cut.result.canary?.after], [285, null]);
  });

  it('given three targets and two repeats: runs A B C, then C B A, and writes each trial down', async () => {
    await using out = await folderOf({});
    await using broker = await MemoryBroker.start();
    const started: TrialPlan[] = [];
    const { result, directory } = await runCampaign(
      optionsOf(out.path, {
        targets: ['A', 'B', 'C'].map((name) => memoryTarget(name, broker.port)),
        repeats: 2,
      }),
      { ...QUIET, trialStarted: (plan) => started.push(plan) },
      never,
    );
    // then in this order
    assert.deepEqual(
      started.map((plan) => plan.target),
      ['A', 'B', 'C', 'C', 'B', 'A'],
    );
    assert.deepEqual(
      result.trials.map((trial) => [trial.position, trial.target, trial.repeat, trial.seed]),
      started.map((plan) => [plan.position, plan.target, plan.repeat, plan.seed]),
    );
    // and every message of every trial is accounted for, the same on each target
    for (const { verdict, warnings, ledger, measured } of result.trials) {
      assert.equal(verdict, 'sustained', warnings.join('\n'));
      assert.deepEqual([ledger.attempted, ledger.acknowledged, ledger.delivered], [50, 50, 50]);
      assert.equal(measured.latency.endToEnd.count, 50);
    }
    // and what lies on the disk is what was returned, with nothing that its schema does not know
    assert.deepEqual(await readResult(directory), JSON.parse(JSON.stringify(result)));
    assert.notEqual(result.endedAt, null);
    assert.equal(result.interrupted, false);
    assert.deepEqual(
      await readdir(directory),
      [...result.trials.map((trial) => trial.hlog), 'result.json'].toSorted(),
    );
    assert.deepEqual(await leftovers(broker.port), []);
  });

  it('given a broker that dies between two trials: writes the failure down, and goes on', async () => {
    await using out = await folderOf({});
    await using broker = await MemoryBroker.start();
    const mortal = await MemoryBroker.start();
    const failed: string[] = [];
    const { result } = await runCampaign(
      optionsOf(out.path, {
        targets: [
          memoryTarget('A', broker.port),
          memoryTarget('mortal', mortal.port),
          memoryTarget('C', broker.port),
        ],
        observer: {
          ...BLIND,
          watch: async (target) => {
            if (target === 'mortal') await mortal[Symbol.asyncDispose]();
            return async () => undefined;
          },
        },
      }),
      { ...QUIET, trialFailed: (plan) => failed.push(plan.target) },
      never,
    );
    assert.deepEqual(failed, ['mortal']);
    assert.deepEqual(
      result.trials.map((trial) => trial.target),
      ['A', 'C'],
    );
    assert.deepEqual(result.failures, [
      {
        scenario: 'tiny',
        target: 'mortal',
        repeat: 1,
        position: 2,
        side: null,
        error: `no memory broker at 127.0.0.1:${mortal.port}; leave the port out, and mqbench starts one itself`,
      },
    ]);
    assert.equal(result.interrupted, false);
  });

  it('given a broker that dies in the middle of a trial: fails that trial soon, and goes on', async () => {
    await using out = await folderOf({});
    const mortal = await MemoryBroker.start();
    let death: Promise<void> | undefined;
    const { result } = await runCampaign(
      optionsOf(out.path, {
        // it would take ten seconds
        scenarios: [scenarioOf({ load: { arrivals: 'uniform', phases: [phase('steady', 500, 10)] } })],
        targets: [memoryTarget('mortal', mortal.port)],
      }),
      {
        ...QUIET,
        progress: () => {
          death ??= mortal[Symbol.asyncDispose]();
        },
      },
      never,
    );
    await death;
    assert.deepEqual(result.trials, []);
    assert.match(result.failures[0]?.error ?? '', /connection/);
  });
});

describe('a campaign that is interrupted', () => {
  it('in the middle of a trial: keeps what was measured, marked, deletes its topics, and starts no other', async () => {
    await using out = await folderOf({});
    await using broker = await MemoryBroker.start();
    const interruption = new AbortController();
    const started: string[] = [];
    const { result, directory } = await runCampaign(
      optionsOf(out.path, {
        scenarios: [scenarioOf({ load: { arrivals: 'uniform', phases: [phase('steady', 500, 60)] } })],
        targets: [memoryTarget('A', broker.port), memoryTarget('B', broker.port)],
      }),
      {
        ...QUIET,
        trialStarted: (plan) => started.push(plan.target),
        progress: ({ series }) => {
          if (series.rows().length > 0) interruption.abort();
        },
      },
      interruption.signal,
    );
    assert.deepEqual(started, ['A']);
    assert.equal(result.interrupted, true);
    assert.notEqual(result.endedAt, null);
    const [trial] = result.trials;
    assert.equal(trial?.verdict, 'failed');
    assert.match(trial.warnings[0] ?? '', /interrupted/);
    assert.ok(trial.ledger.attempted > 0);
    assert.equal(trial.ledger.attempted + trial.unsent, 30_000);
    assert.equal(trial.ledger.lost, 0);
    assert.deepEqual((await readResult(directory)).trials.length, 1);
    assert.deepEqual(await leftovers(broker.port), []);
  });

  it('while its targets are tried: leaves no folder and no topic', async () => {
    await using out = await folderOf({});
    await using broker = await MemoryBroker.start();
    const interruption = new AbortController();
    await assert.rejects(
      runCampaign(
        optionsOf(out.path, { targets: [memoryTarget('A', broker.port)] }),
        { ...QUIET, preflightPassed: () => interruption.abort() },
        interruption.signal,
      ),
      { name: 'AbortError' },
    );
    assert.deepEqual(await readdir(out.path), []);
    assert.deepEqual(await leftovers(broker.port), []);
  });
});

const FULL_DISK = '/dev/full';
const hasFullDisk = await access(FULL_DISK).then(
  () => true,
  () => false,
);

describe('a campaign that cannot write its result', () => {
  it('given a folder that is a file: says so before the first trial', async () => {
    await using out = await folderOf({ results: '' });
    await using broker = await MemoryBroker.start();
    const started: string[] = [];
    await assert.rejects(
      runCampaign(
        optionsOf(join(out.path, 'results'), { targets: [memoryTarget('A', broker.port)] }),
        { ...QUIET, trialStarted: (plan) => started.push(plan.target) },
        never,
      ),
      { code: 'result.unwritable', exitCode: 3 },
    );
    assert.deepEqual(started, []);
  });

  const skip = hasFullDisk ? false : 'needs /dev/full';
  it('given a disk that gets full: stops, and takes no trial for failed that was not', { skip }, async () => {
    await using out = await folderOf({});
    await using broker = await MemoryBroker.start();
    const told: string[] = [];
    await assert.rejects(
      runCampaign(
        optionsOf(out.path, {
          targets: [memoryTarget('A', broker.port), memoryTarget('B', broker.port)],
          observer: {
            ...BLIND,
            watch: async (target) => {
              const [campaign = ''] = await readdir(out.path);
              if (target === 'B')
                await symlink(FULL_DISK, join(out.path, campaign, `result.json.${process.pid}.tmp`));
              return async () => undefined;
            },
          },
        }),
        {
          ...QUIET,
          trialEnded: (trial) => told.push(`${trial.target} ended`),
          trialFailed: (plan) => told.push(`${plan.target} failed`),
        },
        never,
      ),
      { code: 'result.unwritable', exitCode: 3 },
    );
    assert.deepEqual(told, ['A ended']);
    const [campaign = ''] = await readdir(out.path);
    const { trials, failures } = await readResult(join(out.path, campaign));
    assert.deepEqual([trials.length, failures.length], [1, 0]);
  });
});
