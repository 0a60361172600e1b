import { closest, distance } from 'fastest-levenshtein';
import type { RunningBroker } from '../brokers/index.ts';
import { driverNamed } from '../drivers/index.ts';
import type { Target } from '../scenario/index.ts';
import { UserError } from '../user-error.ts';
import { BUILT_IN_TARGETS } from './built-in.ts';

/** What there is to choose targets from. */
export interface TargetSources {
  /** of mqbench.yaml; they come before the built-in ones of the same name */
  readonly configured: readonly Target[];
  /** what `mqbench up` has running */
  readonly running: readonly RunningBroker[];
}

/** The targets that are meant when none is named: the configured ones, else what is running, else `memory`. */
export function defaultTargets({ configured, running }: TargetSources): readonly string[] {
  if (configured.length > 0) return configured.map((target) => target.name);
  const brokers = new Set(running.map((broker) => broker.name));
  const served = BUILT_IN_TARGETS.filter(
    (target) => target.name === target.broker && brokers.has(target.broker),
  );
  return served.length > 0 ? served.map((target) => target.name) : ['memory'];
}

/**
 * Makes targets of names. A built-in target whose broker `mqbench up` has running points at it.
 * @throws UserError (exit code 2) for an unknown name, with the nearest one
 */
export function resolveTargets(names: readonly string[], sources: TargetSources): readonly Target[] {
  return [...new Set(names)].map((name) => resolveTarget(name, sources));
}

function resolveTarget(name: string, { configured, running }: TargetSources): Target {
  const own = configured.find((target) => target.name === name);
  if (own !== undefined) return own;
  const builtIn = BUILT_IN_TARGETS.find((target) => target.name === name);
  if (builtIn === undefined || driverNamed(builtIn.driver) === undefined)
    throw unknownTarget(name, configured);
  const broker = running.find((each) => each.name === builtIn.broker);
  return { name, driver: builtIn.driver, config: { ...broker?.connection, ...builtIn.config } };
}

function unknownTarget(name: string, configured: readonly Target[]): UserError {
  const known = [...new Set([...configured, ...BUILT_IN_TARGETS].map((target) => target.name))];
  const nearest = closest(name, known);
  const guess = distance(name, nearest) <= 3 ? `did you mean ${nearest}? ` : '';
  return new UserError(`unknown target "${name}"`, {
    code: 'targets.unknown',
    exitCode: 2,
    hint: `${guess}targets are: ${known.join(', ')}; more can be named in mqbench.yaml`,
  });
}
