import { stat } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { CONTRACTS, underContracts, type Contract, type Scenario } from '../scenario/index.ts';
import { UserError } from '../user-error.ts';
import { loadScenarios, loadWorkspace, type ResolvedWorkspace } from './sources.ts';

/** What one side of a comparison has in place of what both have. */
export interface Change {
  readonly target?: string;
  readonly contract?: Contract;
  readonly scenario?: string;
  /** the folder of a project: its scenarios, and the targets of its mqbench.yaml */
  readonly checkout?: string;
}

export const CHANGE_KEYS = ['target', 'contract', 'scenario', 'checkout'] as const;

/** A side, before it is known what to call its target. */
export interface Side {
  readonly scenario: Scenario;
  readonly target: string;
  readonly workspace: ResolvedWorkspace;
}

/**
 * @param side told in errors, since the other may have what this one lacks
 * @param name of the scenario, where the change names no other
 * @param targets of both sides; undefined: those of the project
 * @throws UserError (exit code 2) for what cannot be a side
 */
export async function sideOf(
  side: 'a' | 'b',
  name: string,
  wanted: Change,
  targets: readonly string[] | undefined,
): Promise<Side> {
  return loadSide(name, wanted, targets).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    const { message, code, exitCode, hint } = error;
    throw new UserError(`side ${side}: ${message}`, {
      code,
      exitCode,
      ...(hint === undefined ? {} : { hint }),
    });
  });
}

async function loadSide(
  name: string,
  { target, contract, scenario: file, checkout }: Change,
  targets: readonly string[] | undefined,
): Promise<Side> {
  if (checkout !== undefined) await requireFolder(checkout);
  const workspace = await loadWorkspace(checkout);
  const [family] = await loadScenarios([file ?? name], checkout);
  const [scenario, ...others] = family?.scenarios ?? [];
  if (scenario === undefined || others.length > 0) {
    throw new UserError(`${file ?? name} has variants, and a side is one of them`, {
      code: 'ab.variants',
      exitCode: 2,
      hint: `name one: ${(family?.scenarios ?? []).map((each) => each.name).join(', ')}`,
    });
  }
  const [under = scenario] = underContracts(scenario, [contract ?? scenario.contract]);
  const chosen = target ?? targets?.[0] ?? workspace.defaults.targets?.[0];
  if (chosen === undefined || (target === undefined && (targets?.length ?? 1) > 1)) {
    throw new UserError('a side is of one target', {
      code: 'ab.target',
      exitCode: 2,
      hint: 'name it with --target, or with --a target=kafka --b target=kafka-kafkajs',
    });
  }
  return { scenario: under, target: chosen, workspace };
}

/** `contract=fsynced-acked`, added to what was given before. */
export function change(text: string, before: Change = {}): Change {
  const [, key = '', value = ''] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
  if (!CHANGE_KEYS.some((each) => each === key))
    throw new InvalidArgumentError(`It must be one of ${CHANGE_KEYS.map((each) => `${each}=…`).join(', ')}.`);
  if (key === 'contract' && !CONTRACTS.some((each) => each === value))
    throw new InvalidArgumentError(`A contract is one of ${CONTRACTS.join(', ')}.`);
  if (Object.hasOwn(before, key))
    throw new InvalidArgumentError(`A side has one ${key}, and this is a second.`);
  return { ...before, [key]: value };
}

/** Two sides, and one project in which each has a target of its own. */
export interface Sides {
  readonly a: Pick<Side, 'scenario' | 'target'>;
  readonly b: Pick<Side, 'scenario' | 'target'>;
  readonly workspace: ResolvedWorkspace;
  readonly differ: 'in something' | 'not at all';
}

/**
 * Two checkouts may mean different brokers, or settings, by one name of a target: those are `kafka@a` and `kafka@b`.
 * @param defaults of the project in which all this is done
 */
export function sidesOf(a: Side, b: Side, defaults: ResolvedWorkspace['defaults']): Sides {
  const areTwo = a.target === b.target && configurationOf(a) !== configurationOf(b);
  const named = { a: areTwo ? `${a.target}@a` : a.target, b: areTwo ? `${b.target}@b` : b.target };
  const own = [
    { ...a, name: named.a },
    { ...b, name: named.b },
  ].filter(({ workspace, target }) => workspace.configured.includes(target));
  const areOne = named.a === named.b && JSON.stringify(a.scenario) === JSON.stringify(b.scenario);
  return {
    a: { scenario: a.scenario, target: named.a },
    b: { scenario: b.scenario, target: named.b },
    differ: areOne ? 'not at all' : 'in something',
    workspace: {
      targets: [],
      configured: own.map(({ name }) => name),
      configure: (names) =>
        own
          .filter(
            ({ name }, index) =>
              names.includes(name) && own.findIndex((each) => each.name === name) === index,
          )
          .flatMap(({ name, target, workspace }) =>
            workspace.configure([target]).map((each) => ({ ...each, name })),
          ),
      defaults,
    },
  };
}

/** That of a built-in target is the same in every project. */
function configurationOf({ workspace, target }: Side): string {
  return workspace.configured.includes(target) ? JSON.stringify(workspace.configure([target])) : '';
}

/**
 * Two checkouts may well be alike in what is measured; two sides of one project are one that somebody forgot to change.
 * @throws UserError (exit code 2)
 */
export function refuseForgotten(a: Change, b: Change): void {
  if (a.checkout !== undefined || b.checkout !== undefined) return;
  throw new UserError('both sides are the same', {
    code: 'ab.same',
    exitCode: 2,
    hint: 'say what one of them has with --b contract=…, target=…, scenario=… or checkout=…, or measure one against itself with --aa',
  });
}

async function requireFolder(path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return;
  throw new UserError(`${path}: no such folder`, {
    code: 'ab.checkout',
    exitCode: 2,
    hint: 'check out what to compare there: git worktree add ../base main',
  });
}
