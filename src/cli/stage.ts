import { brokerNamed, requireNodes, runningBrokers, startBroker, stopBroker } from '../brokers/index.ts';
import { readCanary } from '../canary/index.ts';
import { markdownReport, terminalReport, formatSpan } from '../report/index.ts';
import { Unwritten, type Result } from '../result/index.ts';
import type { CampaignEvents, CampaignOptions, CampaignOutcome } from '../run/index.ts';
import type { Scenario } from '../scenario/index.ts';
import {
  BUILT_IN_TARGETS,
  brokerFaults,
  brokerObserver,
  defaultTargets,
  isEmbedded,
  resolveTargets,
  startEmbedded,
} from '../targets/index.ts';
import { UserError } from '../user-error.ts';
import { requireConsent } from './billed-requests.ts';
import type { CampaignFlags } from './campaign-flags.ts';
import { loadClient } from './clients.ts';
import { packageVersion } from './package.ts';
import type { ProgressLine } from './progress.ts';
import type { ResolvedWorkspace } from './sources.ts';

/** What a campaign is run on, and where to; disposing it stops what was started for it. */
export interface Stage extends AsyncDisposable {
  readonly options: Omit<CampaignOptions, 'scenarios' | 'repeats'>;
}

/** What is about to be run there. */
export interface Programme {
  readonly scenarios: readonly Scenario[];
  readonly repeats: number;
}

/**
 * Finds the targets, starts what they need, and says what it will cost.
 * @throws UserError (exit code 2 or 3) with nothing left running
 */
export async function setStage(
  flags: CampaignFlags,
  { defaults, ...workspace }: ResolvedWorkspace,
  programme: Programme,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<Stage> {
  for (const [name, value] of Object.entries({ provider: flags.provider, nodes: flags.nodes })) {
    if (value !== undefined && flags.up !== true) throw withoutUp(`--${name} ${value}`, `--${name}`);
  }
  const before = { ...workspace, running: await runningBrokers() };
  const wanted = flags.target ?? defaults.targets ?? defaultTargets(before);
  // a misspelt target, or a client that cannot run here, is told before a broker is started
  const resolved = resolveTargets(wanted, before);
  for (const target of resolved) await loadClient(target);
  const consent = flags.yes === true ? 'given' : 'not given';
  for (const line of requireConsent(resolved, programme, consent)) progress.note(line);
  const brokers = flags.up === true ? await bringUp(wanted, flags, progress, signal) : undefined;
  try {
    const running = await runningBrokers();
    const targets = resolveTargets(wanted, { ...workspace, running });
    const embedded = await startEmbedded(targets);
    return {
      options: {
        targets: embedded.targets,
        seed: flags.seed ?? defaults.seed ?? 1,
        out: flags.out ?? defaults.out ?? 'results',
        contracts: flags.strictContract === true ? 'exact' : 'at least',
        version: packageVersion(),
        readCanary,
        observer: brokerObserver(targets, running),
        faults: brokerFaults(
          running,
          targets.filter(isEmbedded).map(({ name }) => name),
          { signal, onProgress: (text) => progress.note(text) },
        ),
      },
      [Symbol.asyncDispose]: async () => {
        await embedded[Symbol.asyncDispose]();
        await brokers?.[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await brokers?.[Symbol.asyncDispose]();
    throw error;
  }
}

/** Tells a campaign on stderr as it goes. */
export function narrate(progress: ProgressLine): CampaignEvents {
  return {
    preflightPassed: () => undefined,
    refused: ({ scenario, target, error }) =>
      progress.note(`${scenario} is not run on ${target}: ${error.message}`),
    trialStarted: (plan, of) => progress.trialStarted(plan, of),
    progress: (update) => progress.update(update),
    trialEnded: (trial) => {
      const name = `[${trial.position}] ${trial.scenario} on ${trial.target} #${trial.repeat}`;
      progress.note(`${name}: ${trial.verdict}, drained in ${formatSpan(trial.drain.seconds)}`);
    },
    trialFailed: (plan, error) => {
      const hint = error instanceof UserError && error.hint !== undefined ? ` (${error.hint})` : '';
      progress.note(`[${plan.position}] ${plan.target}: failed: ${error.message}${hint}`);
    },
  };
}

/** Runs a campaign; what it measured and cannot write down is at least printed. */
export async function perform(
  campaign: Promise<CampaignOutcome>,
  progress: ProgressLine,
): Promise<CampaignOutcome> {
  try {
    return await campaign;
  } catch (error) {
    progress.stop();
    if (error instanceof Unwritten) process.stdout.write(terminalReport(error.result));
    throw error;
  } finally {
    progress.stop();
  }
}

/** Writes the report, prints the result, and says where it all is. */
export async function present(
  { result, store, directory }: CampaignOutcome,
  flags: Pick<CampaignFlags, 'json'>,
): Promise<Result> {
  await store.write('report.md', markdownReport(result));
  process.stdout.write(flags.json === true ? `${JSON.stringify(result, null, 1)}\n` : terminalReport(result));
  const kept =
    result.trials.length > 0 ? 'result.json, report.md and a .hlog a trial' : 'result.json and report.md';
  process.stderr.write(`\n${directory}: ${kept}\n`);
  return result;
}

function withoutUp(given: string, flag: string): UserError {
  return new UserError(`${given} says how --up starts brokers, and there is no --up`, {
    code: 'run.without-up',
    exitCode: 2,
    hint: `add --up, or leave ${flag} out`,
  });
}

/** Starts the brokers of built-in targets that are not running yet; disposing stops just those. */
async function bringUp(
  targets: readonly string[],
  flags: CampaignFlags,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<AsyncDisposable> {
  const needed = new Set(
    BUILT_IN_TARGETS.filter(({ name }) => targets.includes(name)).flatMap(({ broker }) => broker ?? []),
  );
  const { provider, nodes } = flags;
  for (const name of needed) requireNodes(brokerNamed(name), { provider, nodes });
  const running = new Set((await runningBrokers()).map((broker) => broker.name));
  const started: string[] = [];
  const stopAll = async (): Promise<void> => {
    for (const name of started.splice(0).toReversed()) await stopBroker(name, { data: 'delete' });
  };
  try {
    for (const name of needed) {
      const onProgress = (text: string): void => progress.note(`${name}: ${text}`);
      // one that runs is used, or refused where it is of another number of nodes
      if (running.has(name)) await startBroker(name, { nodes, signal, onProgress: () => undefined });
      else {
        await startBroker(name, { provider, nodes, signal, onProgress });
        started.push(name);
      }
    }
  } catch (error) {
    await stopAll();
    throw error;
  }
  return { [Symbol.asyncDispose]: stopAll };
}
