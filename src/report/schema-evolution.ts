import { SCHEMA_OUTCOMES, type SchemaOutcome } from '../measure/index.ts';
import type { TrialResult } from '../result/index.ts';
import { formatCount } from './format.ts';
import { table } from './markdown-table.ts';
import { label, type Group } from './summary.ts';

type SchemaEvolution = NonNullable<TrialResult['schemaEvolution']>;
type Cell = SchemaEvolution['cells'][number];

const WORDS: Readonly<Record<SchemaOutcome, string>> = {
  ok: 'ok',
  defaulted: 'defaulted',
  droppedField: 'dropped field',
  rejectedAtPublish: 'rejected at publish',
  deadLettered: 'dead-lettered',
  silentlyWrong: 'silently wrong',
};

const MATRIX_COLUMNS = ['trial', 'target', 'written as', 'read as v1', 'read as v2'] as const;

/** A row for each version that events were written in; none for another workload. */
function matrixRows({ trials }: Group): readonly (readonly string[])[] {
  return trials.flatMap(({ position, target, schemaEvolution }) => {
    const cells = schemaEvolution?.cells ?? [];
    return [...new Set(cells.map(({ writer }) => writer))].map((writer) => [
      String(position),
      target,
      writer,
      ...(['v1', 'v2'] as const).map((reader) =>
        toldCell(cells.find((cell) => cell.writer === writer && cell.reader === reader)),
      ),
    ]);
  });
}

const COST_COLUMNS = [
  'trial',
  'target',
  'events as',
  'event bytes p50 / max',
  'sent bytes p50 / max',
  'encode µs p50 / p99',
  'validate µs p50 / p99',
  'decode µs p50 / p99',
] as const;

function costRows({ trials }: Group): readonly (readonly string[])[] {
  return trials.flatMap(({ position, target, schemaEvolution: found }) => {
    if (found === null) return [];
    const { eventBytes, sentBytes, encode, validate, decode } = found;
    return [
      [
        String(position),
        target,
        writtenAs(found),
        ...[eventBytes, sentBytes].map(({ p50, max }) => `${toldBytes(p50)} / ${toldBytes(max)}`),
        ...[encode, validate, decode].map(({ p50Us, p99Us }) => `${toldUs(p50Us)} / ${toldUs(p99Us)}`),
      ],
    ];
  });
}

/** What report.md says of them: writers and readers of all versions, and what their events cost. */
export function schemaSection(groups: readonly Group[]): readonly string[] {
  const rows = groups.flatMap(matrixRows);
  if (rows.length === 0) return [];
  const found = groups.flatMap(({ trials }) => trials.flatMap((trial) => trial.schemaEvolution ?? []));
  const reasons = new Set(found.flatMap(({ cells }) => reasonLines(cells)));
  return [
    '### Versions of the schema',
    '',
    'Events, each once for each subscription; warm-up included. Sizes and times are of the event alone: mqbench has 37 bytes of its own in each message.',
    '',
    ...table(MATRIX_COLUMNS, rows),
    '',
    ...[...reasons].map((reason) => `- ${reason}`),
    ...(reasons.size > 0 ? [''] : []),
    ...table(COST_COLUMNS, groups.flatMap(costRows)),
    '',
  ];
}

/** What became of the events, in two lines a trial, and why; none for another workload. */
export function schemaLines(group: Group): readonly string[] {
  return group.trials.flatMap((trial) => {
    const { schemaEvolution: found } = trial;
    if (found === null) return [];
    const name = label(trial, group);
    const cells = found.cells.map((cell) => `${cell.writer} as ${cell.reader} ${toldCell(cell)}`);
    const { eventBytes, sentBytes, encode, validate, decode } = found;
    const times = [
      `encode ${toldUs(encode.p50Us)}/${toldUs(encode.p99Us)}`,
      ...(validate.count === 0 ? [] : [`validate ${toldUs(validate.p50Us)}/${toldUs(validate.p99Us)}`]),
      `decode ${toldUs(decode.p50Us)}/${toldUs(decode.p99Us)}`,
    ];
    return [
      `${name}: ${writtenAs(found)}: ${cells.join('; ')}`,
      `${name}: an event is ${toldBytes(eventBytes.p50)} bytes (p50), ${toldBytes(sentBytes.p50)} as sent; µs p50/p99: ${times.join(', ')}`,
      ...reasonLines(found.cells).map((line) => `${name}: ${line}`),
    ];
  });
}

/** Why events were refused, or what is wrong with them, by the first of each version. */
function reasonLines(cells: readonly Cell[]): readonly string[] {
  const lines = cells.flatMap(
    ({ writer, example, rejectedAtPublish, deadLettered, silentlyWrong }): [string, string][] => {
      if (example === null) return [];
      if (rejectedAtPublish > 0) return [['rejected at publish', example]];
      if (deadLettered > 0) return [[`${writer} dead-lettered`, example]];
      return silentlyWrong > 0 ? [[`${writer} silently wrong`, example]] : [];
    },
  );
  // readers of several versions have the same trouble
  const firsts = new Map(lines.toReversed());
  return [...firsts].map(([what, example]) => `${what}, the first: ${example}`);
}

/** `avro, cloudevents-binary, registry full, v3: removed-field` */
function writtenAs({ format, envelope, registry, validated, breaking }: SchemaEvolution): string {
  return [
    `${format}${validated ? '' : ' unvalidated'}`,
    ...(envelope === 'none' ? [] : [envelope]),
    ...(registry === 'none' ? [] : [`registry ${registry}`]),
    `v3 ${breaking}`,
  ].join(', ');
}

/** `598 ok`, or several outcomes where a cell has them. */
function toldCell(cell: Cell | undefined): string {
  if (cell === undefined) return '-';
  return SCHEMA_OUTCOMES.filter((outcome) => cell[outcome] > 0)
    .map((outcome) => `${formatCount(cell[outcome])} ${WORDS[outcome]}`)
    .join(', ');
}

function toldBytes(bytes: number | null): string {
  return bytes === null ? '-' : formatCount(bytes);
}

function toldUs(us: number | null): string {
  return us === null ? '-' : us.toFixed(us < 9.95 ? 1 : 0);
}
