import { z } from 'zod';
import {
  checkAgainst,
  didYouMean,
  type Environment,
  expandEnvironment,
  InvalidDocument,
  name,
  parseDocument,
  type Problem,
  problemAt,
  quote,
  Section,
  valueAt,
  wholeNumber,
  wholeOf,
  withoutEchoes,
  type YamlDocument,
} from '../yaml/index.ts';
import type { WorkspaceTarget } from './workspace-target.ts';

/** mqbench.yaml: the targets of a project, and what its runs default to. */
export interface Workspace {
  readonly file: string;
  readonly targets: readonly WorkspaceTarget[];
  readonly defaults: WorkspaceDefaults;
}

interface WorkspaceDefaults {
  readonly targets?: readonly string[] | undefined;
  readonly scenario?: string | undefined;
  readonly repeats?: number | undefined;
  readonly seed?: number | undefined;
  readonly out?: string | undefined;
}

export interface WorkspaceOptions {
  /** for `${NAME}` in defaults; the targets' are expanded when they are resolved */
  readonly environment: Environment;
  /** names that `defaults.targets` may give beside those of the file; undefined: any */
  readonly builtInTargets?: readonly string[];
}

/** Writes schemas/mqbench.schema.json. What is inside of a target is the business of its driver. */
export const workspaceSchema = z
  .strictObject({
    targets: z
      .record(
        name('name of a target', ['kafka']),
        z
          .looseObject({ driver: name('see mqbench list drivers', ['memory', 'kafka']) })
          .describe('a driver and its settings; ${NAME} and ${NAME:-default} are taken from the environment'),
      )
      .default({})
      .describe('what is measured, by name'),
    defaults: z
      .strictObject({
        targets: z
          .array(z.string().min(1))
          .min(1)
          .optional()
          .describe('the targets of a run without --target'),
        scenario: z
          .string()
          .min(1)
          .optional()
          .describe('the name or path of the scenario of a run without one'),
        repeats: wholeNumber({
          least: 1,
          most: 1_000,
          description: 'trials of each scenario on each target',
          examples: [5],
        }).optional(),
        seed: wholeNumber({
          least: 0,
          most: 4_294_967_295,
          description: 'draws arrivals and keys',
          examples: [1],
        }).optional(),
        out: z.string().min(1).optional().describe('where campaigns are kept; default: results'),
      })
      .default({})
      .describe('what a run does without flags'),
  })
  .meta({ title: 'mqbench.yaml', description: 'The targets of a project, and what its runs default to' });

/**
 * mqbench.yaml from its text. The targets' own settings are checked by resolveWorkspaceTargets, so that a run needs
 * the secrets of its own targets only.
 * @throws InvalidDocument (a UserError) with every problem at its line and column, and nothing else
 */
export function parseWorkspace(text: string, file: string, options: WorkspaceOptions): Workspace {
  return readWorkspace(parseDocument(text, file, 'workspace'), options);
}

/** As parseWorkspace, of a document that has been parsed. */
export function readWorkspace(document: YamlDocument, options: WorkspaceOptions): Workspace {
  const { section, problems: unset } = expandDefaults(wholeOf(document), options.environment);
  const outcome = checkAgainst(workspaceSchema, section);
  const found = [...(outcome.ok ? [] : outcome.problems), ...defaultTargets(section, options)];
  const problems = withoutEchoes([...document.problems, ...unset], found);
  if (!outcome.ok || problems.length > 0) throw new InvalidDocument(document.file, problems);
  const targets = Object.entries(outcome.value.targets).map(
    ([name, { driver, ...config }]): WorkspaceTarget => {
      return { name, driver, config: new Section(document, ['targets', name], config) };
    },
  );
  return { file: document.file, targets, defaults: outcome.value.defaults };
}

function expandDefaults(whole: Section, environment: Environment): ReturnType<typeof expandEnvironment> {
  const defaults = valueAt(whole.value, ['defaults']);
  if (defaults === undefined) return { section: whole, problems: [] };
  const part = new Section(whole.document, [], { defaults });
  const { section, problems } = expandEnvironment(part, environment);
  const value = { ...(whole.value as object), ...(section.value as object) };
  return { section: section.with(value), problems };
}

/** Names in `defaults.targets` that are of no target, or given twice. */
function defaultTargets(whole: Section, { builtInTargets }: WorkspaceOptions): Problem[] {
  const listed = valueAt(whole.value, ['defaults', 'targets']);
  const names = Array.isArray(listed) ? (listed as unknown[]) : [];
  const own = Object.keys((valueAt(whole.value, ['targets']) as object | null | undefined) ?? {});
  const known = [...own, ...(builtInTargets ?? [])];
  return names.flatMap((target, index) => {
    if (typeof target !== 'string') return [];
    const path = ['defaults', 'targets', index];
    if (names.indexOf(target) < index)
      return [problemAt(whole, path, 'duplicate-name', `${quote(target)} is listed twice`)];
    if (builtInTargets === undefined || known.includes(target)) return [];
    const message = `unknown target ${quote(target)} (allowed: ${known.join(', ')})${didYouMean(target, known)}`;
    return [problemAt(whole, path, 'unknown-target', message)];
  });
}
