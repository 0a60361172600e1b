import type { Path, Position } from './document.ts';
import { isMapping, Section } from './section.ts';

/**
 * A section over which another part of the same document is laid: what that part has takes the place of what
 * stood there. Problems are told where the value that counts is written.
 */
export class Overlay extends Section {
  readonly #over: Path;

  /** @param over path of the other part in the document; its mappings are merged, its lists replace */
  constructor(base: Section, over: Path, value: unknown) {
    super(base.document, base.path, merged(base.value, value));
    this.#over = over;
  }

  override absolute(path: Path): Path {
    const over = [...this.#over, ...path];
    return path.length > 0 && this.document.has(over) ? over : super.absolute(path);
  }

  override locateKey(path: Path, key: string): Position {
    const over = [...this.#over, ...path];
    return this.document.has([...over, key])
      ? this.document.locateKey(over, key)
      : this.document.locateKey(super.absolute(path), key);
  }
}

function merged(base: unknown, over: unknown): unknown {
  if (!isMapping(base) || !isMapping(over)) return over;
  const both = { ...base };
  for (const [key, value] of Object.entries(over)) both[key] = merged(base[key], value);
  return both;
}
