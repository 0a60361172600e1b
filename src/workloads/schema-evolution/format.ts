import type { ReaderVersion, SchemaVersion } from '../../scenario/index.ts';
import type { OrderFields } from './order.ts';

/** An event in a format: bytes, or for JSON what is to become text, since an envelope may have it in its own. */
export type Data = Buffer | OrderFields;

/** What events are written in: three versions of a schema, and what the format itself does about them. */
export interface Format {
  /** media type */
  readonly contentType: string;
  /** what a reader has for a field that the writer did not know, by its schema */
  readonly defaults: OrderFields;
  /** The writer's check of an event. Throws an Error that says what is wrong. */
  check(fields: OrderFields, version: SchemaVersion): void;
  encode(fields: OrderFields, version: SchemaVersion): Data;
  /** bytes of the event itself, without what a registry wants before it */
  sizeOf(data: Data): number;
  /** The reader's check of what it got, where there is one. Throws an Error that says what is wrong. */
  admit?(data: Data, reader: ReaderVersion): void;
  /** Throws an Error where the reader cannot read it. */
  decode(data: Data, reader: ReaderVersion): OrderFields;
  /** Why a reader of one version cannot be trusted to read what a writer of another writes; undefined: it can. */
  objection(reader: SchemaVersion, writer: SchemaVersion): string | undefined;
}
