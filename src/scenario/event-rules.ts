import { parseDurationMs, type Problem, problemAt, quote, type Section, valueAt } from '../yaml/index.ts';
import { entries, loadSeconds, parsedAt, secondsAt, subscriptionsOf } from './plain-scenario.ts';
import { FAULT_KINDS } from './schema/faults.ts';

const KINDS: ReadonlySet<string> = new Set(FAULT_KINDS);
const PARTICIPANTS: readonly string[] = ['order', 'payment', 'inventory', 'shipping'];

/** Lists of what consumers do at some time, whose `of` is a subscription. */
const CONSUMER_LISTS: readonly (readonly string[])[] = [
  ['consumers', 'changes'],
  ['schema', 'upgrade', 'consumers'],
];

/**
 * What must hold of the changes of consumers, of upgrades and of the faults of a scenario, by the plain data: they lie
 * within the load, and each is possible where the one before it has left things.
 */
export function eventRules(section: Section): Problem[] {
  const endSeconds = loadSeconds(section);
  return [
    ...late(section, ['consumers', 'changes'], endSeconds),
    ...late(section, ['faults'], endSeconds),
    ...late(section, ['schema', 'upgrade', 'producers'], endSeconds),
    ...late(section, ['schema', 'upgrade', 'consumers'], endSeconds),
    ...overlapping(section),
    ...delays(section),
    ...unknownSubscriptions(section),
    ...impossibleChanges(section),
  ];
}

function late(section: Section, list: readonly string[], endSeconds: number | undefined): Problem[] {
  if (endSeconds === undefined) return [];
  return entries(section, list).flatMap((entry, index) => {
    const at = secondsAt(entry, 'at');
    const lasts = valueAt(entry, ['for']) === undefined ? 0 : secondsAt(entry, 'for');
    if (at === undefined || lasts === undefined || at + lasts <= endSeconds) return [];
    const when = lasts === 0 ? `is at ${at} s` : `lasts to ${at + lasts} s`;
    const message = `${when}, and the load ends at ${endSeconds} s; let it be earlier, or the load longer`;
    return [problemAt(section, [...list, index, 'at'], 'after-the-end', message)];
  });
}

/** Of two at a time nobody could say which one did what. */
function overlapping(section: Section): Problem[] {
  const faults = entries(section, ['faults']).flatMap((entry, index) => {
    const [at, lasts] = [secondsAt(entry, 'at'), secondsAt(entry, 'for')];
    return at === undefined || lasts === undefined ? [] : [{ index, at, end: at + lasts }];
  });
  return faults.flatMap(({ index, at, end }) => {
    const other = faults.find((each) => each.index < index && at < each.end && each.at < end);
    if (other === undefined) return [];
    const line = section.locate(['faults', other.index]).line;
    const message = `overlaps with the fault in line ${line}; let one end before the other begins`;
    return [problemAt(section, ['faults', index, 'at'], 'overlapping-faults', message)];
  });
}

/** A slow network needs its latency, and no other fault has one. */
function delays(section: Section): Problem[] {
  return entries(section, ['faults']).flatMap((entry, index) => {
    const kind = valueAt(entry, ['do']);
    if (typeof kind !== 'string' || !KINDS.has(kind)) return [];
    return kind === 'slow' ? slowRules(section, entry, index) : misplacedDelays(section, entry, index, kind);
  });
}

function misplacedDelays(section: Section, entry: unknown, index: number, kind: string): Problem[] {
  return ['latency', 'jitter']
    .filter((key) => valueAt(entry, [key]) !== undefined)
    .map((key) => ({
      ...section.locateKey(['faults', index], key),
      code: `${section.document.kind}.unused-setting`,
      message: `faults[${index}].${key} is for "do: slow" only, not ${kind}`,
    }));
}

function slowRules(section: Section, entry: unknown, index: number): Problem[] {
  const path = ['faults', index];
  if (valueAt(entry, ['latency']) === undefined) {
    const message = `missing key "latency" in faults[${index}]; "do: slow" needs it, as in latency: 100ms`;
    return [{ ...section.locate(path), code: `${section.document.kind}.missing-key`, message }];
  }
  const latencyMs = parsedAt(entry, 'latency', parseDurationMs);
  const jitterMs = parsedAt(entry, 'jitter', parseDurationMs);
  if (latencyMs === undefined || jitterMs === undefined || jitterMs <= latencyMs) return [];
  const message = `is ${jitterMs} ms, more than the latency of ${latencyMs} ms; nothing arrives before it was sent`;
  return [problemAt(section, [...path, 'jitter'], 'too-much-jitter', message)];
}

function unknownSubscriptions(section: Section): Problem[] {
  const names = consumersNamed(section);
  if (names === undefined) return [];
  const noun = valueAt(section.value, ['workload']) === 'saga' ? 'participant' : 'subscription';
  const advice = `the ${noun}s are ${names.join(', ')}`;
  const changes = CONSUMER_LISTS.flatMap((list) =>
    entries(section, list).flatMap((change, index) => {
      const of = valueAt(change, ['of']);
      if (typeof of !== 'string' || names.includes(of)) return [];
      const message = `no ${noun} ${quote(of)}; ${advice}`;
      return [problemAt(section, [...list, index, 'of'], 'unknown-subscription', message)];
    }),
  );
  const settings = valueAt(section.value, ['consumers', 'of']);
  const unknown = (typeof settings === 'object' && settings !== null ? Object.keys(settings) : []).filter(
    (name) => !names.includes(name),
  );
  return [
    ...changes,
    ...unknown.map((name) => ({
      ...section.locateKey(['consumers', 'of'], name),
      code: `${section.document.kind}.unknown-subscription`,
      message: `consumers.of: no ${noun} ${quote(name)}; ${advice}`,
    })),
  ];
}

/** Whose consumers may be spoken of: those of a subscription, or of a service that takes part in a saga. */
function consumersNamed(section: Section): readonly string[] | undefined {
  const subscriptions = subscriptionsOf(section);
  const isSaga = valueAt(section.value, ['workload']) === 'saga';
  return isSaga && subscriptions !== undefined ? [...subscriptions, ...PARTICIPANTS] : subscriptions;
}

/** The last consumer leaves, or who rests already is sent to rest. */
function impossibleChanges(section: Section): Problem[] {
  const names = subscriptionsOf(section) ?? [];
  const changes = entries(section, ['consumers', 'changes'])
    .flatMap((change, index) => {
      const [at, what, of] = [secondsAt(change, 'at'), valueAt(change, ['do']), valueAt(change, ['of'])];
      return at === undefined ? [] : [{ index, at, what, of }];
    })
    .toSorted((a, b) => a.at - b.at);
  const told = new Set<number>();
  return names.flatMap((name) => {
    let count = Number(
      valueAt(section.value, ['consumers', 'of', name, 'count']) ??
        valueAt(section.value, ['consumers', 'count']) ??
        1,
    );
    let resting = false;
    return changes.flatMap(({ index, what, of }) => {
      if (of !== undefined && of !== name) return [];
      const wrong = told.has(index) ? undefined : wrongWith(what, name, count, resting);
      if (what === 'join') count++;
      if (what === 'leave') count--;
      if (what === 'pause' || what === 'resume') resting = what === 'pause';
      if (wrong === undefined) return [];
      told.add(index);
      return [problemAt(section, ['consumers', 'changes', index, 'do'], 'impossible-change', wrong)];
    });
  });
}

function wrongWith(what: unknown, of: string, count: number, resting: boolean): string | undefined {
  switch (what) {
    case 'leave':
      return count <= 1 ? `the last consumer of ${of} cannot leave; use pause, or a higher count` : undefined;
    case 'pause':
      return resting ? `the consumers of ${of} rest already; resume them first` : undefined;
    case 'resume':
      return resting ? undefined : `the consumers of ${of} do not rest; pause them first`;
    default:
      return undefined;
  }
}
