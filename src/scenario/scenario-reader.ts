import {
  checkAgainst,
  InvalidDocument,
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
import { scenarioSchema } from './scenario-schema.ts';
import type { ScenarioInput } from './scenario-schema.ts';
import { scenarioRules } from './scenario-rules.ts';
import type { KeySpec, Phase, Scenario } from './scenario.ts';

/**
 * A scenario from its YAML.
 * @param file how to call it in errors; its stem is the scenario's name where the text gives none
 * @throws InvalidDocument (a UserError) with every problem at its line and column, and nothing else
 */
export function parseScenario(text: string, file: string): Scenario {
  return readScenario(parseDocument(text, file, 'scenario'));
}

/** As parseScenario, of a document that has been parsed. */
export function readScenario(document: YamlDocument): Scenario {
  const whole = wholeOf(document);
  const outcome = checkAgainst(scenarioSchema, whole);
  const found = outcome.ok ? nothingSent(whole, outcome.value) : outcome.problems;
  const problems = withoutEchoes(document.problems, [
    ...found,
    ...scenarioRules(whole),
    ...namelessFile(whole),
  ]);
  if (!outcome.ok || problems.length > 0) throw new InvalidDocument(document.file, problems);
  return resolve(outcome.value, stem(document.file));
}

/** The name of a file without folders and extension. */
export function stem(file: string): string {
  return (file.split(/[/\\]/).at(-1) ?? file).replace(/\.ya?ml$/, '');
}

function namelessFile(whole: Section): Problem[] {
  const name = stem(whole.document.file);
  const isMapping = typeof whole.value === 'object' && whole.value !== null && !Array.isArray(whole.value);
  if (!isMapping || valueAt(whole.value, ['name']) !== undefined || NAME.test(name)) return [];
  const message = `missing key "name"; the file's own name ${quote(name)} cannot serve: use a-z, 0-9 and dashes`;
  return [problemAt(whole, [], 'missing-key', message)];
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

function resolve(input: ScenarioInput, fileName: string): Scenario {
  const { messages, producers, consumers, load, drain } = input;
  const name = input.name ?? fileName;
  return {
    name,
    title: input.title ?? name,
    question: input.question,
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
    consumers: { count: consumers.count, window: consumers.window, workMs: consumers.work },
    load: { arrivals: load.arrivals, phases: load.phases.map((phase) => resolvePhase(phase)) },
    drain: { timeoutSeconds: drain.timeout, quietSeconds: drain.quiet },
    checks: input.checks,
  };
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
