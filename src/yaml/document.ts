import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, LineCounter, Node, Pair, YAMLMap } from 'yaml';
import type { Problem } from './problem.ts';
import { scalarText } from './tree.ts';
import type { Tree } from './tree.ts';

export type DocumentKind = 'scenario' | 'workspace' | 'decision' | 'policy' | 'prices';

/** Where a value stands inside its document: `['load', 'phases', 0, 'rate']`. */
export type Path = readonly PropertyKey[];

export interface Position {
  /** from 1 */
  readonly line: number;
  /** from 1 */
  readonly column: number;
}

/** A YAML file as plain data that still knows where each value stood. */
export class YamlDocument {
  readonly file: string;
  readonly kind: DocumentKind;
  readonly value: unknown;
  /** faults of the text itself, such as a duplicate key, to be reported beside those of its content */
  readonly problems: readonly Problem[];
  readonly #text: string;
  readonly #root: Node;
  readonly #lines: LineCounter;
  readonly #anchored: ReadonlyMap<Alias, Node>;
  readonly #pairs = new Map<Node, ReadonlyMap<string, Pair<Node, Node | null>>>();

  constructor(
    file: string,
    kind: DocumentKind,
    source: { text: string; root: Node; lines: LineCounter; tree: Tree },
  ) {
    this.file = file;
    this.kind = kind;
    this.#text = source.text;
    this.#root = source.root;
    this.#lines = source.lines;
    this.#anchored = source.tree.anchored;
    this.value = source.tree.value;
    this.problems = source.tree.faults.map(({ offset, code, message }) => ({
      ...positionAt(source.lines, offset),
      code: `${kind}.${code}`,
      message,
    }));
  }

  has(path: Path): boolean {
    return this.#find(path) !== undefined;
  }

  /**
   * Where the value at the path begins, or the key that has no value, or else the nearest mapping or list
   * around it. `offset` points into a text that is written on one line.
   */
  locate(path: Path, offset = 0): Position {
    const found = this.#find(path);
    if (found === undefined)
      return path.length === 0 ? { line: 1, column: 1 } : this.locate(path.slice(0, -1));
    const start = this.#start(found);
    return positionAt(this.#lines, offset === 0 ? start : start + this.#inside(found.node, offset));
  }

  /** Where a key of the mapping at the path begins, or the mapping where it has no such key. */
  locateKey(path: Path, key: string): Position {
    const pair = this.#pair(this.#find(path)?.node, key);
    const start = pair?.key.range?.[0];
    return start === undefined ? this.locate(path) : positionAt(this.#lines, start);
  }

  /** The scalar at the path as it stands in the file, environment variables unexpanded; undefined for others. */
  source(path: Path): string | undefined {
    const node = this.#behind(this.#find(path)?.node);
    return isScalar(node) ? scalarText(node) : undefined;
  }

  #find(path: Path): Found | undefined {
    let found: Found | undefined = { node: this.#root, key: undefined };
    for (const step of path) {
      const parent: Node | null | undefined = this.#behind(found.node);
      if (isSeq<Node>(parent) && typeof step === 'number') {
        const item = parent.items[step];
        found = item === undefined ? undefined : { node: item, key: undefined };
      } else {
        const pair = this.#pair(parent, String(step));
        found = pair === undefined ? undefined : { node: pair.value, key: pair.key };
      }
      if (found === undefined) return undefined;
    }
    return found;
  }

  #pair(node: Node | null | undefined, key: string): Pair<Node, Node | null> | undefined {
    const map = this.#behind(node);
    return isMap<Node, Node | null>(map) ? this.#pairsOf(map).get(key) : undefined;
  }

  /** By key; looked up for each problem, of which a file may have as many as keys. */
  #pairsOf(map: YAMLMap<Node, Node | null>): ReadonlyMap<string, Pair<Node, Node | null>> {
    const known = this.#pairs.get(map);
    if (known !== undefined) return known;
    // The last of duplicates is the one whose value counts.
    const pairs = new Map(
      map.items.flatMap((pair) => (isScalar(pair.key) ? [[scalarText(pair.key), pair]] : [])),
    );
    this.#pairs.set(map, pairs);
    return pairs;
  }

  #behind(node: Node | null | undefined): Node | null | undefined {
    return isAlias(node) ? this.#anchored.get(node) : node;
  }

  #start({ node, key }: Found): number {
    const isEmpty = node === null || (isScalar(node) && node.source === '' && node.type === 'PLAIN');
    return (isEmpty ? key?.range?.[0] : node?.range?.[0]) ?? 0;
  }

  /** An offset into a scalar's text as one into the file, or 0 where the text was folded, escaped or aliased. */
  #inside(node: Node | null, offset: number): number {
    if (!isScalar(node)) return 0;
    const text = scalarText(node);
    const start = node.range?.[0] ?? 0;
    const quoted = /^["']/.test(this.#text.slice(start, start + 1)) ? 1 : 0;
    return this.#text.startsWith(text, start + quoted) ? quoted + offset : 0;
  }
}

interface Found {
  readonly node: Node | null;
  /** undefined for the root and the entries of a list */
  readonly key: Node | undefined;
}

/** The line and column of an offset into the text. */
export function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
