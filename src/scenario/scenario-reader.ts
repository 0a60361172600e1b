import {
  checkAgainst,
  InvalidDocument,
  isMapping,
  NAME,
  parseDocument,
  type Problem,
  problemAt,
  quote,
  type Section,
  valueAt,
  wholeOf,
  withoutEchoes,
  type YamlDocument,
} from '../yaml/index.ts';
import { scenarioSchema } from './schema/scenario.ts';
import type { ScenarioInput } from './schema/scenario.ts';
import { scenarioRules } from './scenario-rules.ts';
import { variantsOf } from './variants.ts';
import type { Fault, KeySpec, Phase, Scenario } from './scenario.ts';

/** What a file has: a scenario, or several that differ in what each variant says. */
export interface ScenarioFamily {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly lookAt: string;
  /** empty for a scenario without variants */
  readonly variants: readonly string[];
  readonly scenarios: readonly Scenario[];
}

/**
 * The scenarios of a YAML text.
 * @param file how to call it in errors; its stem is the scenario's name where the text gives none
 * @throws InvalidDocument (a UserError) with every problem at its line and column, and nothing else
 */
export function parseScenarios(text: string, file: string): ScenarioFamily {
  return readScenarios(parseDocument(text, file, 'scenario'));
}

/** As parseScenarios, for a text that has no variants. */
export function parseScenario(text: string, file: string): Scenario {
  const { scenarios } = parseScenarios(text, file);
  const [only] = scenarios;
  if (only === undefined || scenarios.length > 1) throw new Error(`${file} has variants`);
  return only;
}

/** As parseScenarios, of a document that has been parsed. */
export function readScenarios(document: YamlDocument): ScenarioFamily {
  const whole = wholeOf(document);
  const { sections, problems } = variantsOf(whole);
  const readings = sections.map(({ variant, section }) => read(section, variant));
  const found = withoutEchoes(document.problems, [
    ...problems,
    ...distinct(readings.flatMap((reading) => reading.problems)),
  ]);
  const scenarios = readings.flatMap(({ scenario }) => scenario ?? []);
  if (found.length > 0 || scenarios.length < sections.length) {
    throw new InvalidDocument(document.file, found);
  }
  const [first] = scenarios;
  const text = (key: string): string | undefined => {
    const value = valueAt(document.value, [key]);
    return typeof value === 'string' ? value : undefined;
  };
  const name = text('name') ?? stem(document.file);
  return {
    name,
    title: text('title') ?? name,
    question: text('question') ?? first?.question ?? '',
    lookAt: text('lookAt') ?? first?.lookAt ?? '',
    variants: sections.flatMap(({ variant }) => variant ?? []),
    scenarios,
  };
}

/** What was read of one variant; without a scenario there are problems. */
interface Reading {
  readonly scenario: Scenario | undefined;
  readonly problems: readonly Problem[];
}

function read(section: Section, variant: string | undefined): Reading {
  const outcome = checkAgainst(scenarioSchema, section);
  const found = outcome.ok ? nothingSent(section, outcome.value) : outcome.problems;
  const problems = [...found, ...scenarioRules(section), ...unusableName(section, variant)];
  if (!outcome.ok || problems.length > 0) return { scenario: undefined, problems };
  return { scenario: resolve(outcome.value, stem(section.document.file), variant), problems };
}

/** Every variant inherits the problems of what they share. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  const byPlace = new Map(
    problems.map((problem) => [
      `${problem.line}:${problem.column} ${problem.code} ${problem.message}`,
      problem,
    ]),
  );
  return [...byPlace.values()];
}

/** The name of a file without folders and extension. */
export function stem(file: string): string {
  return (file.split(/[/\\]/).at(-1) ?? file).replace(/\.ya?ml$/, '');
}

/** The name comes from the file where the text gives none, and the variant's is added to it. */
function unusableName(section: Section, variant: string | undefined): Problem[] {
  const { value, document } = section;
  const given = valueAt(value, ['name']);
  const fromFile = stem(document.file);
  if (isMapping(value) && given === undefined && !NAME.test(fromFile)) {
    const message = `missing key "name"; the file's own name ${quote(fromFile)} cannot serve: use a-z, 0-9 and dashes`;
    return [problemAt(section, [], 'missing-key', message)];
  }
  const base = typeof given === 'string' ? given : fromFile;
  if (variant === undefined || !NAME.test(base) || NAME.test(fullName(base, variant))) return [];
  const message = `${quote(fullName(base, variant))} is longer than 40 characters; shorten the name of the variant`;
  return [{ ...section.document.locateKey(['variants'], variant), code: 'scenario.long-name', message }];
}

function fullName(name: string, variant: string | undefined): string {
  return variant === undefined ? name : `${name}-${variant}`;
}

function nothingSent(whole: Section, { load }: ScenarioInput): Problem[] {
  const measured = load.phases.filter((phase) => !phase.warmup).map((phase) => resolvePhase(phase));
  if (measured.length === 0 || plannedMessages(measured) >= 1) return [];
  const message = 'the measured phases together send less than one message; raise "rate" or "for"';
  return [problemAt(whole, ['load', 'phases'], 'nothing-sent', message)];
}

/** How many messages phases plan, need not be whole. */
export function plannedMessages(phases: readonly Phase[]): number {
  return phases.reduce(
    (sum, phase) => sum + ((phase.fromPerSecond + phase.toPerSecond) / 2) * phase.seconds,
    0,
  );
}

function resolve(input: ScenarioInput, fileName: string, variant: string | undefined): Scenario {
  const { messages, producers, consumers, load, drain } = input;
  const name = fullName(input.name ?? fileName, variant);
  return {
    name,
    title: input.title ?? name,
    question: input.question,
    lookAt: input.lookAt,
    workload: input.workload,
    contract: input.contract,
    messages: { sizeBytes: messages.size, keys: resolveKeys(messages.keys) },
    topology: input.topology,
    producers: {
      count: producers.count,
      window: producers.window,
      batching: {
        lingerMs: producers.linger,
        maxBatchBytes: producers.maxBatchBytes,
        maxBatchMessages: producers.maxBatchMessages,
      },
    },
    consumers: resolveConsumers(consumers),
    load: { arrivals: load.arrivals, phases: load.phases.map((phase) => resolvePhase(phase)) },
    faults: input.faults.map(resolveFault),
    deadLetters: resolveDeadLetters(input),
    saga: input.saga,
    schema: resolveSchema(input),
    drain: { timeoutSeconds: drain.timeout, quietSeconds: drain.quiet },
    checks: input.checks,
  };
}

function resolveFault(fault: ScenarioInput['faults'][number]): Fault {
  const time = { atSeconds: fault.at, forSeconds: fault.for };
  if (fault.do !== 'slow') return { kind: fault.do, ...time };
  return { kind: fault.do, ...time, latencyMs: fault.latency ?? 0, jitterMs: fault.jitter ?? 0 };
}

function resolveKeys({ count, distribution, theta, share }: ScenarioInput['messages']['keys']): KeySpec {
  switch (distribution) {
    case 'uniform':
      return { distribution, count };
    case 'zipf':
      return { distribution, count, theta: theta ?? 0.99 };
    case 'hot':
      return { distribution, count, hotShare: share ?? 0 };
  }
}

function resolveConsumers({
  count,
  window,
  work,
  of,
  changes,
}: ScenarioInput['consumers']): Scenario['consumers'] {
  return {
    count,
    window,
    workMs: work,
    of: mapValues(of, (each) => ({
      ...(each.count === undefined ? {} : { count: each.count }),
      ...(each.window === undefined ? {} : { window: each.window }),
      ...(each.work === undefined ? {} : { workMs: each.work }),
    })),
    changes: changes
      .map((change) => ({ atSeconds: change.at, change: change.do, subscription: change.of }))
      .toSorted((a, b) => a.atSeconds - b.atSeconds),
  };
}

function resolveSchema({ schema }: ScenarioInput): Scenario['schema'] {
  if (schema === undefined) return undefined;
  const { upgrade, ...rest } = schema;
  return {
    ...rest,
    producers: upgrade.producers
      .map((step) => ({ atSeconds: step.at, to: step.to }))
      .toSorted((a, b) => a.atSeconds - b.atSeconds),
    consumers: upgrade.consumers
      .map((step) => ({ atSeconds: step.at, subscription: step.of, to: step.to }))
      .toSorted((a, b) => a.atSeconds - b.atSeconds),
  };
}

/** An event that cannot be read is rejected at once; so few attempts are for what a broker delivers again. */
const REJECTING: Scenario['deadLetters'] = {
  shares: { transient: 0, poison: 0, malformed: 0 },
  failingAttempts: 1,
  maxAttempts: 3,
  delayMs: 1000,
  redriveAtSeconds: undefined,
};

function resolveDeadLetters({ workload, failures, retry, redrive }: ScenarioInput): Scenario['deadLetters'] {
  if (workload === 'schema-evolution') return REJECTING;
  if (failures === undefined || retry === undefined) return undefined;
  const { attempts, ...shares } = failures;
  return {
    shares,
    failingAttempts: attempts,
    maxAttempts: retry.attempts,
    delayMs: retry.delay,
    redriveAtSeconds: redrive?.at,
  };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, of: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, of(value)]));
}

function resolvePhase(phase: ScenarioInput['load']['phases'][number]): Phase {
  const { rate } = phase;
  const [from, to] = typeof rate === 'number' ? [rate, rate] : [rate.from, rate.to];
  return {
    name: phase.name,
    fromPerSecond: from,
    toPerSecond: to,
    seconds: phase.for,
    warmup: phase.warmup,
  };
}
