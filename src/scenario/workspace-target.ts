import type { z } from 'zod';
import {
  checkAgainst,
  didYouMean,
  type Environment,
  expandEnvironment,
  InvalidDocument,
  type Problem,
  problemAt,
  quote,
  type Section,
  withoutEchoes,
} from '../yaml/index.ts';
import type { Target } from './scenario.ts';

/** A target as it stands in the file; its driver has not looked at it yet. */
export interface WorkspaceTarget {
  readonly name: string;
  readonly driver: string;
  /** all but the driver's name, environment variables unexpanded; `config.place(path)` is file:line:column */
  readonly config: Section;
}

/** The schema of each driver's configuration, by the driver's name. */
export type DriverSchemas = Readonly<Record<string, z.ZodType>>;

/**
 * Targets with their environment variables expanded and their configuration accepted by its driver. The
 * configuration stays the schema's input, since a driver parses it again.
 * @throws InvalidDocument with the problems of all of them
 */
export function resolveWorkspaceTargets(
  targets: readonly WorkspaceTarget[],
  schemas: DriverSchemas,
  environment: Environment,
): Target[] {
  const problems: Problem[] = [];
  const resolved: Target[] = [];
  for (const target of targets) {
    const found = resolveTarget(target, schemas, environment);
    if ('driver' in found) resolved.push(found);
    else problems.push(...found.problems);
  }
  const [first] = targets;
  if (first !== undefined && problems.length > 0)
    throw new InvalidDocument(first.config.document.file, problems);
  return resolved;
}

function resolveTarget(
  { name, driver, config }: WorkspaceTarget,
  schemas: DriverSchemas,
  environment: Environment,
): Target | { readonly problems: readonly Problem[] } {
  const schema = Object.hasOwn(schemas, driver) ? schemas[driver] : undefined;
  if (schema === undefined) return { problems: [unknownDriver(config, driver, Object.keys(schemas))] };
  const { section, problems } = expandEnvironment(config, environment);
  const outcome = checkAgainst(schema, section);
  if (!outcome.ok) return { problems: withoutEchoes(problems, outcome.problems) };
  if (problems.length > 0) return { problems };
  return { name, driver, config: outcome.input as Target['config'] };
}

function unknownDriver(config: Section, driver: string, known: readonly string[]): Problem {
  const message = `unknown driver ${quote(driver)} (allowed: ${known.join(', ')})${didYouMean(driver, known)}`;
  return problemAt(config, ['driver'], 'unknown-driver', message);
}
