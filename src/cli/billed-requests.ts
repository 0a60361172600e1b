import { driverNamed } from '../drivers/index.ts';
import type { Scenario, Target } from '../scenario/index.ts';
import { UserError } from '../user-error.ts';

/** Of each request of SQS and SNS in batches; the provider's own limit. */
const MAX_BATCH = 10;
/** A billed request carries up to this; each further begun one is another. */
const BILLED_CHUNK_BYTES = 65_536;
/** Creating, reading back, looking up and deleting a subscription's queue, and its share of the topic and its probes. */
const SETUP_REQUESTS = 12;
/** Long polls that bring nothing: one a second and consumer, as the driver waits by default. */
const EMPTY_RECEIVES_PER_SECOND = 1;

/** What the requests of a run are told from. Plain data. */
interface RunSize {
  readonly scenarios: readonly Scenario[];
  readonly repeats: number;
}

/**
 * Requests that one target of a run is billed for, rounded up. Sends are taken to be as full as the linger makes
 * them, and receives and deletes to carry one message each, which they do while a consumer keeps up: more
 * load makes fuller batches, so that the figure is too high rather than too low, unless messages are retried.
 */
export function estimateRequests({ scenarios, repeats }: RunSize): number {
  const requests = scenarios.map((scenario) => repeats * ofTrial(scenario) + SETUP_REQUESTS);
  return requests.reduce((sum, each) => sum + each, 0);
}

function ofTrial({ load, messages, topology, producers, consumers, drain }: Scenario): number {
  const subscriptions = topology.subscriptions.length;
  const chunks = Math.ceil(messages.sizeBytes / BILLED_CHUNK_BYTES);
  const { lingerMs, maxBatchMessages } = producers.batching;
  let requests = SETUP_REQUESTS * (1 + subscriptions);
  for (const { fromPerSecond, toPerSecond, seconds } of load.phases) {
    const perSecond = (fromPerSecond + toPerSecond) / 2;
    const sent = perSecond * seconds;
    const gathered = 1 + Math.floor((perSecond / producers.count) * (lingerMs / 1000));
    const batch = Math.max(1, Math.min(MAX_BATCH, maxBatchMessages, gathered));
    const chunksOfBatch = Math.ceil((batch * messages.sizeBytes) / BILLED_CHUNK_BYTES);
    requests += (sent / batch) * chunksOfBatch + subscriptions * sent * (chunks + 1);
  }
  const waitSeconds =
    load.phases.reduce((sum, { seconds }) => sum + seconds, 0) + drain.timeoutSeconds + drain.quietSeconds;
  return Math.ceil(requests + subscriptions * consumers.count * EMPTY_RECEIVES_PER_SECOND * waitSeconds);
}

/**
 * Warns of the bill, and goes on only with consent.
 * @param consent `given` with --yes
 * @returns lines for people
 * @throws UserError (exit code 2) without consent, with the number of requests
 */
export function requireConsent(
  targets: readonly Target[],
  size: RunSize,
  consent: 'given' | 'not given',
): readonly string[] {
  const billed = targets.filter(({ driver, config }) => {
    return driverNamed(driver)?.capabilities(config).billed === 'per request';
  });
  if (billed.length === 0) return [];
  const each = estimateRequests(size).toLocaleString('en');
  const lines = billed.map(({ name }) => `${name} is billed by request: this run makes about ${each}`);
  if (consent === 'given') return lines;
  throw new UserError(lines.join('\n'), {
    code: 'run.billed',
    exitCode: 2,
    hint: 'add --yes to go on; or use the emulator, a target without a region',
  });
}
