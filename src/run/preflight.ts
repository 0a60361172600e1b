import { setTimeout as sleep } from 'node:timers/promises';
import { ContractRefused, type Driver, driverNamed, SendError } from '../drivers/index.ts';
import { campaignPrefix, type Scenario, type Target } from '../scenario/index.ts';
import { UserError } from '../user-error.ts';
import { workloadNamed } from '../workloads/index.ts';
import { atMost } from './at-most.ts';
import { deletingTopology } from './deleting-topology.ts';

/** How long one message may take to be acknowledged before the target is given up. */
const FIRST_MESSAGE_SECONDS = 10;

/** A broker that takes no message may not let the producer go either. */
const CLOSE_PATIENCE_MS = 2_000;

export interface PreflightOptions {
  readonly scenarios: readonly Scenario[];
  readonly targets: readonly Target[];
  readonly contracts: 'at least' | 'exact';
  /** of the campaign */
  readonly name: string;
}

/**
 * Tries every target before anything is measured: connects, creates a topic under each contract asked for,
 * sends one message of each scenario's size, and deletes the topic again.
 * @throws UserError (exit code 3) that lists all targets that did not pass
 */
export async function preflight(
  options: PreflightOptions,
  events: { preflightPassed(target: string, server: Driver['server']): void },
  signal: AbortSignal,
): Promise<void> {
  const failures: { readonly target: string; readonly error: UserError }[] = [];
  for (const target of options.targets) {
    try {
      events.preflightPassed(target.name, await tryTarget(target, options, signal));
    } catch (error) {
      if (!(error instanceof UserError) || signal.aborted) throw error;
      failures.push({ target: target.name, error });
    }
    signal.throwIfAborted();
  }
  const [first] = failures;
  if (first === undefined) return;
  const lines = failures.map(({ target, error }) => `${target}: ${error.message}`);
  const hints = [...new Set(failures.flatMap(({ error }) => error.hint ?? []))];
  throw new UserError(lines.join('\n'), {
    code: first.error.code,
    exitCode: 3,
    cause: first.error,
    ...(hints.length > 0 ? { hint: hints.join('\n') } : {}),
  });
}

async function tryTarget(
  target: Target,
  { scenarios, contracts, name }: PreflightOptions,
  signal: AbortSignal,
): Promise<Driver['server']> {
  const module = driverNamed(target.driver);
  if (module === undefined) throw new Error(`no driver ${target.driver}`);
  const life = new AbortController();
  const endLife = (): void => life.abort();
  signal.addEventListener('abort', endLife, { once: true });
  await using driver = await module.connect(target.config, life.signal);
  // from here on an interruption must not cut the connection that deletes the topic
  signal.removeEventListener('abort', endLife);
  for (const [index, scenario] of scenarios.entries()) {
    const topic = `${campaignPrefix(name)}preflight${index}`;
    await deletingTopology(driver, () => trySending(driver, scenario, topic, contracts, signal));
  }
  life.abort();
  return driver.server;
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
      code: 'driver.message-refused',
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
