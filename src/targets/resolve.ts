import type { RunningBroker } from '../brokers/index.ts';
import { driverNamed } from '../drivers/index.ts';
import type { Target } from '../scenario/index.ts';
import { UserError } from '../user-error.ts';
import { didYouMean } from '../yaml/index.ts';
import { BUILT_IN_TARGETS } from './built-in.ts';

/** What there is to choose targets from. */
export interface TargetSources {
  /** names of mqbench.yaml's targets; they come before the built-in ones of the same name */
  readonly configured: readonly string[];
  /** those of mqbench.yaml's targets that bear these names, with the secrets that they alone need */
  configure(names: readonly string[]): readonly Target[];
  /** what `mqbench up` has running */
  readonly running: readonly RunningBroker[];
}

/** The targets that are meant when none is named: the configured ones, else what is running, else `memory`. */
export function defaultTargets({ configured, running }: Omit<TargetSources, 'configure'>): readonly string[] {
  if (configured.length > 0) return configured;
  const brokers = new Set(running.map((broker) => broker.name));
  // of several that a broker serves, the first
  const served = BUILT_IN_TARGETS.filter(
    ({ broker, name }) =>
      broker !== undefined &&
      brokers.has(broker) &&
      BUILT_IN_TARGETS.find((each) => each.broker === broker)?.name === name,
  );
  return served.length > 0 ? served.map((target) => target.name) : ['memory'];
}

/**
 * Makes targets of names. A built-in target whose broker `mqbench up` has running points at it.
 * @throws UserError (exit code 2) for an unknown name, with the nearest one
 */
export function resolveTargets(names: readonly string[], sources: TargetSources): readonly Target[] {
  const wanted = [...new Set(names)];
  const own = sources.configure(wanted.filter((name) => sources.configured.includes(name)));
  return wanted.map((name) => own.find((target) => target.name === name) ?? builtInTarget(name, sources));
}

function builtInTarget(name: string, { configured, running }: TargetSources): Target {
  const builtIn = BUILT_IN_TARGETS.find((target) => target.name === name);
  if (builtIn === undefined || driverNamed(builtIn.driver) === undefined)
    throw unknownTarget(name, configured);
  const broker = running.find((each) => each.name === builtIn.broker);
  return { name, driver: builtIn.driver, config: { ...broker?.connection, ...builtIn.config } };
}

function unknownTarget(name: string, configured: readonly string[]): UserError {
  const known = [...new Set([...configured, ...BUILT_IN_TARGETS.map((target) => target.name)])];
  return new UserError(`unknown target "${name}"${didYouMean(name, known)}`, {
    code: 'targets.unknown',
    exitCode: 2,
    hint: `targets are: ${known.join(', ')}; more can be named in mqbench.yaml`,
  });
}
