import type { ReaderVersion, SchemaVersion } from '../scenario/index.ts';
import { WholeNumbers } from './whole-numbers.ts';

/** What may become of an event between a writer and a reader of other versions of its schema. */
export const SCHEMA_OUTCOMES = [
  /** read as it was meant */
  'ok',
  /** a field that its writer did not know has the default that the reader's schema declares */
  'defaulted',
  /** a field that its reader does not know is gone */
  'droppedField',
  /** a registry refused the version: it was written in the one before */
  'rejectedAtPublish',
  /** the reader could not read it, and said so */
  'deadLettered',
  /** the reader took it, and has something else than was meant */
  'silentlyWrong',
] as const;

export type SchemaOutcome = (typeof SCHEMA_OUTCOMES)[number];

/** Events of one version, as read by another. Each event counts once for each subscription. */
export interface SchemaCell {
  readonly writer: SchemaVersion;
  readonly reader: ReaderVersion;
  readonly counts: Readonly<Record<SchemaOutcome, number>>;
  /** of the first event of which there was something to say: `currency is undefined instead of "EUR"` */
  readonly example: string | undefined;
}

/** What is measured of each event: sizes in bytes, times in ns. */
const FIGURES = ['eventBytes', 'sentBytes', 'encodeNs', 'validateNs', 'decodeNs'] as const;

export type SchemaFigure = (typeof FIGURES)[number];

/** What an agent has to say of the events that it wrote or read, as plain data. */
export interface SchemaAccount {
  readonly cells: readonly SchemaCell[];
  readonly figures: Readonly<Record<SchemaFigure, string | null>>;
}

interface OpenCell {
  readonly writer: SchemaVersion;
  readonly reader: ReaderVersion;
  readonly counts: Record<SchemaOutcome, number>;
  example: string | undefined;
}

/** Counts outcomes by cell, and keeps the sizes and times of the events. */
export class SchemaRecord {
  readonly #cells = new Map<string, OpenCell>();
  readonly figures: Readonly<Record<SchemaFigure, WholeNumbers>> = {
    eventBytes: new WholeNumbers(),
    sentBytes: new WholeNumbers(),
    encodeNs: new WholeNumbers(),
    validateNs: new WholeNumbers(),
    decodeNs: new WholeNumbers(),
  };

  /** @param example what there is to say of it; undefined: nothing */
  count(
    { writer, reader }: Pick<SchemaCell, 'writer' | 'reader'>,
    outcome: SchemaOutcome,
    example?: string,
  ): void {
    const cell = this.#cellOf(writer, reader);
    cell.counts[outcome]++;
    cell.example ??= example;
  }

  /** Adds what another one told. */
  add({ cells, figures }: SchemaAccount): void {
    for (const { writer, reader, counts, example } of cells) {
      const cell = this.#cellOf(writer, reader);
      for (const outcome of SCHEMA_OUTCOMES) cell.counts[outcome] += counts[outcome];
      cell.example ??= example;
    }
    for (const figure of FIGURES) this.figures[figure].add(figures[figure]);
  }

  /** of every cell in which there was an event, by writer and then by reader */
  get cells(): readonly SchemaCell[] {
    return [...this.#cells.entries()].toSorted(([a], [b]) => a.localeCompare(b)).map(([, cell]) => cell);
  }

  account(): SchemaAccount {
    const { eventBytes, sentBytes, encodeNs, validateNs, decodeNs } = this.figures;
    return {
      cells: this.cells,
      figures: {
        eventBytes: eventBytes.encode(),
        sentBytes: sentBytes.encode(),
        encodeNs: encodeNs.encode(),
        validateNs: validateNs.encode(),
        decodeNs: decodeNs.encode(),
      },
    };
  }

  #cellOf(writer: SchemaVersion, reader: ReaderVersion): OpenCell {
    const name = `${writer} ${reader}`;
    let cell = this.#cells.get(name);
    if (cell === undefined) {
      const counts = {
        ok: 0,
        defaulted: 0,
        droppedField: 0,
        rejectedAtPublish: 0,
        deadLettered: 0,
        silentlyWrong: 0,
      };
      cell = { writer, reader, counts, example: undefined };
      this.#cells.set(name, cell);
    }
    return cell;
  }
}
