import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryBroker } from '../../src/brokers/index.ts';
import { NO_FAULTS } from '../../src/run/faults.ts';
import { preflight } from '../../src/run/preflight.ts';
import type { Scenario } from '../../src/scenario/index.ts';
import { UserError } from '../../src/user-error.ts';
import { memoryTarget, scenarioOf } from './fixtures/scenario.ts';

type Options = Parameters<typeof preflight>[0];

/** The targets that passed, and what it rejected with. */
async function outcomeOf(
  targets: Options['targets'],
  scenario: Partial<Scenario> = {},
): Promise<{ readonly passed: readonly string[]; readonly error: unknown }> {
  const passed: string[] = [];
  const options = {
    scenarios: [scenarioOf(scenario)],
    targets,
    contracts: 'at least',
    faults: NO_FAULTS,
    name: 'test',
  } as const;
  const error: unknown = await preflight(
    options,
    { preflightPassed: (target, server) => passed.push(`${target}: ${server.product}`) },
    new AbortController().signal,
  ).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { passed, error };
}

/** A port of 127.0.0.1 that nothing listens at. */
async function deadPort(): Promise<number> {
  await using broker = await MemoryBroker.start();
  return broker.port;
}

function assertUserError(error: unknown): asserts error is UserError {
  assert.ok(error instanceof UserError, String(error));
  assert.equal(error.exitCode, 3);
}

describe('preflight', () => {
  it('given targets that all work: tells of each', async () => {
    await using broker = await MemoryBroker.start();
    const { passed, error } = await outcomeOf([
      memoryTarget('A', broker.port),
      memoryTarget('B', broker.port),
    ]);
    assert.equal(error, undefined);
    assert.deepEqual(passed, ['A: mqbench memory broker', 'B: mqbench memory broker']);
  });

  it('given several targets that cannot be reached: tries all, and names each, with one hint', async () => {
    await using broker = await MemoryBroker.start();
    const dead = await deadPort();
    const { passed, error } = await outcomeOf([
      memoryTarget('dead', dead),
      memoryTarget('alive', broker.port),
      memoryTarget('dead-too', dead),
    ]);
    assertUserError(error);
    assert.deepEqual(passed, ['alive: mqbench memory broker']);
    assert.equal(
      error.message,
      `dead: no memory broker at 127.0.0.1:${dead}\ndead-too: no memory broker at 127.0.0.1:${dead}`,
    );
    assert.equal(error.code, 'driver.unreachable');
    assert.equal(error.hint, 'leave the port out, and mqbench starts one itself');
  });

  it('given a contract that the broker cannot give: says which, and what it can', async () => {
    await using broker = await MemoryBroker.start();
    const { error } = await outcomeOf([memoryTarget('A', broker.port)], { contract: 'fsynced-acked' });
    assertUserError(error);
    assert.equal(error.code, 'driver.contract-refused');
    assert.match(error.message, /^A: contract fsynced-acked refused: the memory broker keeps one copy/);
    assert.equal(error.hint, 'leader-acked is its strongest');
  });

  it('given a fault that the target cannot have: refuses that scenario with the reason, and passes the others', async () => {
    await using broker = await MemoryBroker.start();
    const refusals = await preflight(
      {
        scenarios: [
          scenarioOf({ name: 'plain' }),
          scenarioOf({ name: 'cut', faults: [{ kind: 'cut', atSeconds: 0, forSeconds: 1 }] }),
        ],
        targets: [memoryTarget('A', broker.port)],
        contracts: 'at least',
        faults: { ...NO_FAULTS, objection: async () => 'no Toxiproxy: no Go' },
        name: 'test',
      },
      { preflightPassed: () => undefined },
      new AbortController().signal,
    );
    assert.deepEqual(
      refusals.map(({ scenario, error }) => [scenario, error.exitCode, error.message]),
      [['cut', 3, 'fault cut refused: no Toxiproxy: no Go']],
    );
  });

  it('given messages that are too large: says so before anything is measured, with what to change', async () => {
    await using broker = await MemoryBroker.start();
    const sizeBytes = 16 * 2 ** 20 + 1;
    const { error } = await outcomeOf([memoryTarget('A', broker.port)], {
      messages: { sizeBytes, keys: { distribution: 'uniform', count: 1 } },
    });
    assertUserError(error);
    assert.equal(error.code, 'driver.message-refused');
    assert.match(error.message, /^A: a message of 16777217 bytes was refused: .*takes up to 16777216/);
    assert.match(error.hint ?? '', /messages\.size of scenario tiny/);
  });

  it('given a driver that does not exist: is a bug of ours, and keeps its stack', async () => {
    const { error } = await outcomeOf([{ name: 'A', driver: 'pigeon', config: {} }]);
    assert.ok(error instanceof Error && !(error instanceof UserError));
    assert.match(error.message, /pigeon/);
  });
});
