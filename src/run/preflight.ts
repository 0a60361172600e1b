import { setTimeout as sleep } from 'node:timers/promises';
import { ContractRefused, type Driver, driverNamed, SendError } from '../drivers/index.ts';
import { campaignPrefix, type PlannedSides, type Scenario, type Target } from '../scenario/index.ts';
import { UserError } from '../user-error.ts';
import { workloadNamed } from '../workloads/index.ts';
import { atMost } from './at-most.ts';
import { deletingTopology } from './deleting-topology.ts';
import type { FaultInjector } from './faults.ts';

/** How long one message may take to be acknowledged before the target is given up. */
const FIRST_MESSAGE_SECONDS = 10;

/** A broker that takes no message may not let the producer go either. */
const CLOSE_PATIENCE_MS = 2_000;

export interface PreflightOptions {
  readonly scenarios: readonly Scenario[];
  readonly targets: readonly Target[];
  readonly contracts: 'at least' | 'exact';
  readonly faults: FaultInjector;
  /** where just these are run, and not every scenario on every target */
  readonly sides?: PlannedSides;
  /** of the campaign */
  readonly name: string;
}

/** A scenario that a target cannot run, for a reason that no other scenario need share. */
export interface Refusal {
  readonly scenario: string;
  readonly target: string;
  readonly error: UserError;
}

interface PreflightEvents {
  preflightPassed(target: string, server: Driver['server']): void;
}

/**
 * Tries every target before anything is measured: connects, and for each scenario creates what it needs under its
 * contract, sends one message of its size, and deletes it all again.
 * @returns what some targets cannot run, where others can, or other scenarios
 * @throws UserError (exit code 3) that lists all targets that cannot be used, or can run nothing
 */
export async function preflight(
  options: PreflightOptions,
  events: PreflightEvents,
  signal: AbortSignal,
): Promise<readonly Refusal[]> {
  const problems: Omit<Refusal, 'scenario'>[] = [];
  const refusals: Refusal[] = [];
  let unusable = 0;
  for (const target of options.targets) {
    try {
      const { server, refused } = await tryTarget(target, options, signal);
      refusals.push(...refused);
      problems.push(...refused);
      if (refused.length < scenariosOn(target, options).length) events.preflightPassed(target.name, server);
    } catch (error) {
      if (!(error instanceof UserError) || signal.aborted) throw error;
      problems.push({ target: target.name, error });
      unusable++;
    }
    signal.throwIfAborted();
  }
  const tried = options.targets.reduce((sum, target) => sum + scenariosOn(target, options).length, 0);
  const isNothingLeft = refusals.length === tried;
  if (unusable > 0 || isNothingLeft) throw together(problems);
  return refusals;
}

function scenariosOn({ name }: Target, { scenarios, sides }: PreflightOptions): readonly Scenario[] {
  if (sides === undefined) return scenarios;
  return [sides.a, sides.b].filter(({ target }) => target === name).map(({ scenario }) => scenario);
}

function together(failures: readonly Omit<Refusal, 'scenario'>[]): UserError {
  const lines = new Set(failures.map(({ target, error }) => `${target}: ${error.message}`));
  const hints = new Set(failures.flatMap(({ error }) => error.hint ?? []));
  const [first] = failures;
  return new UserError([...lines].join('\n'), {
    code: first?.error.code ?? '',
    exitCode: 3,
    cause: first?.error,
    ...(hints.size > 0 ? { hint: [...hints].join('\n') } : {}),
  });
}

async function tryTarget(
  target: Target,
  options: PreflightOptions,
  signal: AbortSignal,
): Promise<{ readonly server: Driver['server']; readonly refused: readonly Refusal[] }> {
  const module = driverNamed(target.driver);
  if (module === undefined) throw new Error(`no driver ${target.driver}`);
  const life = new AbortController();
  const endLife = (): void => life.abort();
  signal.addEventListener('abort', endLife, { once: true });
  await using driver = await module.connect(target.config, life.signal);
  // from here on an interruption must not cut the connection that deletes the topic
  signal.removeEventListener('abort', endLife);
  const refused: Refusal[] = [];
  for (const [index, scenario] of scenariosOn(target, options).entries()) {
    const topic = `${campaignPrefix(options.name)}preflight${index}`;
    try {
      await refuseFaults(scenario, target, options.faults);
      refuseReplay(scenario, driver);
      await deletingTopology(driver, () => trySending(driver, scenario, topic, options.contracts, signal));
    } catch (error) {
      if (!(error instanceof UserError) || !REFUSALS.has(error.code)) throw error;
      refused.push({ scenario: scenario.name, target: target.name, error });
    }
  }
  life.abort();
  return { server: driver.server, refused };
}

/** Codes of errors that speak of one scenario on one target; of all others no scenario can run there. */
const REFUSALS: ReadonlySet<string> = new Set([
  'driver.contract-refused',
  'driver.message-refused',
  'driver.no-fan-out',
  'run.fault-refused',
  'run.replay-refused',
]);

async function refuseFaults({ faults }: Scenario, target: Target, injector: FaultInjector): Promise<void> {
  for (const fault of faults) {
    const objection = await injector.objection(target, fault);
    if (objection === undefined) continue;
    throw new UserError(`fault ${fault.kind} refused: ${objection}`, {
      code: 'run.fault-refused',
      exitCode: 3,
    });
  }
}

function refuseReplay({ workload }: Scenario, driver: Driver): void {
  if (workloadNamed(workload).replay === undefined || driver.readLog !== undefined) return;
  const why = `a queue of ${driver.server.product} forgets what is settled, so that there is no log to read from its start`;
  throw new UserError(`workload ${workload} refused: not expressible: ${why}`, {
    code: 'run.replay-refused',
    exitCode: 3,
    hint: 'use a target that keeps a log: mqbench list drivers, column replay',
  });
}

async function trySending(
  driver: Driver,
  scenario: Scenario,
  topic: string,
  contracts: PreflightOptions['contracts'],
  signal: AbortSignal,
): Promise<void> {
  const { contract, producers, messages } = scenario;
  const topics = workloadNamed(scenario.workload).topics(scenario, topic);
  const effective = await driver.createTopology({ topics }, contract);
  if (contracts === 'exact' && effective.relation !== 'exact') {
    throw new ContractRefused(contract, `${driver.server.product} gives ${effective.effective} instead`);
  }
  let throttled: string | undefined;
  const producer = await driver.openProducer(topic, {
    contract,
    batching: producers.batching,
    onThrottled: (reason) => {
      throttled = reason;
    },
  });
  const patience = new AbortController();
  try {
    const answer = await Promise.race([
      producer.send({ key: 'preflight', payload: Buffer.alloc(messages.sizeBytes) }).then(() => 'sent'),
      sleep(FIRST_MESSAGE_SECONDS * 1000, 'silent', { signal: AbortSignal.any([patience.signal, signal]) }),
    ]);
    if (answer === 'silent') {
      const why = throttled === undefined ? '' : `: the broker blocks producers, ${throttled}`;
      throw new UserError(`no acknowledgement of one message within ${FIRST_MESSAGE_SECONDS} s${why}`, {
        code: 'driver.silent',
        exitCode: 3,
        hint: "look at the broker's log: alarms and full disks block producers",
      });
    }
  } catch (error) {
    await atMost(
      CLOSE_PATIENCE_MS,
      producer.close().catch(() => undefined),
    );
    if (!(error instanceof SendError)) throw error;
    const smaller = `lower messages.size of scenario ${scenario.name}, or raise the broker's limit`;
    throw new UserError(`a message of ${messages.sizeBytes} bytes was ${describe(error)}: ${error.message}`, {
      // a broker that does not answer, or that somebody has to mend, takes no message of any scenario
      code:
        error.outcome === 'refused' && error.mend === undefined
          ? 'driver.message-refused'
          : 'driver.message-failed',
      exitCode: 3,
      cause: error,
      hint: error.mend ?? (error.outcome === 'refused' ? smaller : "look at the broker's log"),
    });
  } finally {
    patience.abort();
  }
  await producer.close();
}

function describe(error: SendError): string {
  return error.outcome === 'unknown' ? 'not acknowledged' : error.outcome;
}
