import type { SchemaSpec, SchemaVersion } from '../../scenario/index.ts';
import type { Format } from './format.ts';

/** What a producer may write when it wants to write a version. */
export interface Admission {
  readonly version: SchemaVersion;
  /** why it is not the version that was wanted; undefined: it is */
  readonly objection: string | undefined;
}

/**
 * A registry of schemas, in the producer's process: it compares a version that is new with the latest that it has, by
 * the rules of the format, and refuses one that the mode does not allow.
 */
export class Registry {
  readonly #format: Pick<Format, 'objection'>;
  readonly #mode: SchemaSpec['registry'];
  readonly #admissions = new Map<SchemaVersion, Admission>();
  #latest: SchemaVersion | undefined;

  constructor(format: Pick<Format, 'objection'>, mode: SchemaSpec['registry']) {
    this.#format = format;
    this.#mode = mode;
  }

  /** A version that is refused is refused for ever, and the one that was the latest then is written in its place. */
  admit(wanted: SchemaVersion): Admission {
    const known = this.#admissions.get(wanted);
    if (known !== undefined) return known;
    const objection = this.#latest === undefined ? undefined : this.#objection(wanted, this.#latest);
    const admission = {
      version: objection === undefined ? wanted : (this.#latest ?? wanted),
      objection: objection === undefined ? undefined : `${wanted} is not ${this.#mode}: ${objection}`,
    };
    this.#admissions.set(wanted, admission);
    this.#latest = admission.version;
    return admission;
  }

  #objection(wanted: SchemaVersion, latest: SchemaVersion): string | undefined {
    const backward = (): string | undefined => this.#format.objection(wanted, latest);
    const forward = (): string | undefined => this.#format.objection(latest, wanted);
    switch (this.#mode) {
      case 'none':
        return undefined;
      case 'backward':
        return backward();
      case 'forward':
        return forward();
      case 'full':
        return backward() ?? forward();
    }
  }
}
