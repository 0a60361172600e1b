import { parseShare, parseSizeBytes, type Problem, problemAt, type Section, valueAt } from '../yaml/index.ts';
import { metricNamed } from './metrics.ts';
import { entries, loadSeconds, parsedAt, secondsAt, subscriptionsOf } from './plain-scenario.ts';

/** Keys that belong to one workload, and those among them that it cannot do without. */
const BELONGS: Readonly<
  Record<string, { readonly all: readonly string[]; readonly required: readonly string[] }>
> = {
  'dead-letter': { all: ['failures', 'retry', 'redrive'], required: ['failures', 'retry'] },
  saga: { all: ['saga'], required: ['saga'] },
  'schema-evolution': { all: ['schema'], required: ['schema'] },
};

/** What must hold between the workload of a scenario and the rest of it. */
export function workloadRules(section: Section): Problem[] {
  const workload = valueAt(section.value, ['workload']);
  if (typeof workload !== 'string') return [];
  const own = BELONGS[workload];
  const misplaced = Object.entries(BELONGS).flatMap(([owner, { all }]) =>
    all
      .filter((key) => owner !== workload && valueAt(section.value, [key]) !== undefined)
      .map((key) => ({
        ...section.locateKey([], key),
        code: `${section.document.kind}.unused-setting`,
        message: `${key} is for "workload: ${owner}" only, not ${workload}`,
      })),
  );
  const missing = (own?.required ?? [])
    .filter((key) => valueAt(section.value, [key]) === undefined)
    .map((key) => problemAt(section, ['workload'], 'missing-key', `"${workload}" needs the key "${key}"`));
  return [
    ...misplaced,
    ...missing,
    ...unusableContract(section, workload),
    ...unusableEvents(section, workload),
    ...unusableChecks(section, workload),
    ...(workload === 'dead-letter' ? deadLetterRules(section) : []),
    ...(workload === 'saga' ? sagaRules(section) : []),
    ...(workload === 'schema-evolution' ? schemaRules(section) : []),
    ...(workload === 'event-sourcing' ? projectionRules(section) : []),
  ];
}

/** Where consumers settle before they handle, nothing can be tried again. */
function unusableContract(section: Section, workload: string): Problem[] {
  if (workload === 'stream' || valueAt(section.value, ['contract']) !== 'fire-and-forget') return [];
  const message = `under fire-and-forget consumers settle a message before they handle it, and "${workload}" has to have it again; use leader-acked or stronger`;
  return [problemAt(section, ['contract'], 'unusable-contract', message)];
}

/** What the consumers of a workload cannot do yet. */
function unusableEvents(section: Section, workload: string): Problem[] {
  const faults = entries(section, ['faults']).flatMap((fault, index) => {
    if (workload === 'stream' || valueAt(fault, ['do']) !== 'crash-consumers') return [];
    const message = `crash-consumers is for "workload: stream" only, not ${workload}`;
    return [problemAt(section, ['faults', index, 'do'], 'unusable-fault', message)];
  });
  if (workload !== 'saga' || entries(section, ['consumers', 'changes']).length === 0) return faults;
  const message = 'the services of a saga do not come and go; leave it out';
  return [...faults, problemAt(section, ['consumers', 'changes'], 'unusable-changes', message)];
}

/** Checks of what only another workload has: no run could tell whether they hold. */
function unusableChecks(section: Section, workload: string): Problem[] {
  return entries(section, ['checks']).flatMap((text, index) => {
    const [name = ''] = typeof text === 'string' ? text.trim().split(/[\s<>=!]/, 1) : [];
    const owners: readonly string[] | undefined = metricNamed(name)?.workloads;
    if (owners === undefined || owners.includes(workload)) return [];
    const message = `${name} is of "workload: ${owners.join(' or ')}" only, not ${workload}`;
    return [problemAt(section, ['checks', index], 'unusable-check', message)];
  });
}

function deadLetterRules(section: Section): Problem[] {
  const problems: Problem[] = [];
  const shares = ['transient', 'poison', 'malformed'].map(
    (key) => parsedAt(valueAt(section.value, ['failures']), key, parseShare) ?? 0,
  );
  const sum = shares.reduce((total, share) => total + share, 0);
  if (sum > 1) {
    const message = 'the shares add up to more than 100%';
    problems.push(problemAt(section, ['failures'], 'too-many-failures', message));
  }
  if (valueAt(section.value, ['failures']) !== undefined && sum === 0) {
    const message = 'no message fails; give "transient", "poison" or "malformed" a share';
    problems.push(problemAt(section, ['failures'], 'no-failures', message));
  }
  const failing = valueAt(section.value, ['failures', 'attempts']);
  const attempts = valueAt(section.value, ['retry', 'attempts']);
  if (typeof failing === 'number' && typeof attempts === 'number' && failing >= attempts) {
    const message = `transient messages fail in ${failing} attempts, and there are ${attempts} in all: let one succeed`;
    problems.push(problemAt(section, ['failures', 'attempts'], 'never-succeeds', message));
  }
  return [...problems, ...redriveRules(section)];
}

/** Orders come to one service; who hears what else is the business of the style. */
function sagaRules(section: Section): Problem[] {
  const subscriptions = subscriptionsOf(section);
  if (subscriptions === undefined || subscriptions.length <= 1) return [];
  const message = 'orders are taken in by one service; leave one subscription';
  return [problemAt(section, ['topology', 'subscriptions'], 'one-order-service', message)];
}

/** Every event of schema-evolution fits in it, in whatever it is written. */
const EVENT_BYTES = 1024;

/** Messages are as large as their events; of two versions at a time nobody could say which is written. */
function schemaRules(section: Section): Problem[] {
  const size = parsedAt(valueAt(section.value, ['messages']), 'size', parseSizeBytes);
  const tooSmall = `"schema-evolution" sends events of up to ${EVENT_BYTES} bytes, each as large as it is; use 1KiB`;
  const steps = entries(section, ['schema', 'upgrade', 'producers']).map((step) => secondsAt(step, 'at'));
  const again = steps.findIndex((at, index) => at !== undefined && steps.indexOf(at) < index);
  const twice = `there is a version for ${steps[again]} s already; let one come later`;
  return [
    ...(size === undefined || size >= EVENT_BYTES
      ? []
      : [problemAt(section, ['messages', 'size'], 'too-small', tooSmall)]),
    ...(again < 0
      ? []
      : [problemAt(section, ['schema', 'upgrade', 'producers', again, 'at'], 'same-time', twice)]),
  ];
}

/** The log is compared with one read model; what several readers cost is the business of a stream. */
function projectionRules(section: Section): Problem[] {
  const subscriptions = subscriptionsOf(section);
  if (subscriptions === undefined || subscriptions.length <= 1) return [];
  const message = 'the log is compared with one read model; leave one subscription';
  return [problemAt(section, ['topology', 'subscriptions'], 'one-projection', message)];
}

function redriveRules(section: Section): Problem[] {
  if (valueAt(section.value, ['redrive']) === undefined) return [];
  const subscriptions = subscriptionsOf(section);
  const at = secondsAt(valueAt(section.value, ['redrive']), 'at');
  const end = loadSeconds(section);
  if (at !== undefined && end !== undefined && at > end) {
    const message = `is at ${at} s, and the load ends at ${end} s; let it be earlier, or the load longer`;
    return [problemAt(section, ['redrive', 'at'], 'after-the-end', message)];
  }
  if (subscriptions === undefined || subscriptions.length <= 1) return [];
  const message = `what is sent again to the topic goes to all of its ${subscriptions.length} subscriptions; leave one`;
  return [problemAt(section, ['redrive'], 'redrive-to-all', message)];
}
