import type { Path, Position, YamlDocument } from './document.ts';

/**
 * A part of a document that is checked by a schema of its own, such as the configuration of a target by that
 * of its driver. Paths are relative to it.
 */
export class Section {
  readonly document: YamlDocument;
  readonly path: Path;
  /** plain data; it may differ from the document's by what was expanded or taken out */
  readonly value: unknown;
  readonly #expanded: Set<string>;

  constructor(document: YamlDocument, path: Path, value: unknown, expanded: readonly Path[] = []) {
    this.document = document;
    this.path = path;
    this.value = value;
    this.#expanded = new Set(expanded.map(pathText));
  }

  /** The same part with another value, such as one in which something else has been put back. */
  with(value: unknown): Section {
    const copy = new Section(this.document, this.path, value);
    for (const path of this.#expanded) copy.#expanded.add(path);
    return copy;
  }

  /** The value at the path was made from environment variables: it may be a secret, and it is always text. */
  isExpanded(path: Path): boolean {
    return this.#expanded.has(pathText(path));
  }

  has(path: Path): boolean {
    return this.document.has(this.absolute(path));
  }

  source(path: Path): string | undefined {
    return this.document.source(this.absolute(path));
  }

  locate(path: Path, offset = 0): Position {
    return this.document.locate(this.absolute(path), offset);
  }

  locateKey(path: Path, key: string): Position {
    return this.document.locateKey(this.absolute(path), key);
  }

  /** `mqbench.yaml:7:15` */
  place(path: Path): string {
    const { line, column } = this.locate(path);
    return `${this.document.file}:${line}:${column}`;
  }

  absolute(path: Path): Path {
    return [...this.path, ...path];
  }
}

/** The whole of a document. */
export function wholeOf(document: YamlDocument): Section {
  return new Section(document, [], document.value);
}

/** `load.phases[0].rate`; empty for the whole document. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w-]+$/.test(String(step))) text += `${text === '' ? '' : '.'}${String(step)}`;
    else text += `[${JSON.stringify(String(step))}]`;
  }
  return text;
}

/** The value at the path of plain data, or undefined. */
export function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = Reflect.get(found, step);
  }
  return found;
}

/** A mapping of YAML, and no list. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
