import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Node, Pair, Scalar, YAMLMap } from 'yaml';
import { quote } from './quote.ts';

/** A fault of the text that leaves a value to check further. */
interface TreeFault {
  readonly offset: number;
  readonly code: string;
  readonly message: string;
}

export interface Tree {
  /** plain data: what JSON could hold */
  readonly value: unknown;
  /** what each alias stands for */
  readonly anchored: ReadonlyMap<Alias, Node>;
  readonly faults: readonly TreeFault[];
  /** false: too large or too deep, and the value is only the beginning */
  readonly complete: boolean;
}

/** More than any file of ours needs; an alias bomb needs 10 lines to go beyond. */
const MOST_VALUES = 100_000;
const DEEPEST = 64;

/**
 * The plain value of a YAML tree. It stands in for the library's toJS, whose duplicate keys cost quadratic
 * time and whose alias errors know no place.
 */
export function treeOf(root: Node): Tree {
  const builder = new TreeBuilder();
  const value = builder.build(root, 0);
  return { value, anchored: builder.anchored, faults: builder.faults, complete: builder.complete };
}

class TreeBuilder {
  readonly anchored = new Map<Alias, Node>();
  readonly faults: TreeFault[] = [];
  complete = true;
  readonly #anchors = new Map<string, Node>();
  readonly #open = new Set<Node>();
  readonly #faulty = new Set<number>();
  #values = 0;

  build(node: Node, depth: number): unknown {
    this.#values += 1;
    if (this.#values > MOST_VALUES || depth > DEEPEST) return this.#tooMuch(node, depth);
    if (isAlias(node)) return this.#alias(node, depth);
    if ('anchor' in node && node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return node.value;
    this.#open.add(node);
    const value = this.#collection(node, depth);
    this.#open.delete(node);
    return value;
  }

  #collection(node: Node, depth: number): unknown {
    if (isSeq<Node>(node)) return node.items.map((item) => this.build(item, depth + 1));
    return isMap<Node, Node | null>(node) ? this.#mapping(node, depth) : null;
  }

  #mapping(map: YAMLMap<Node, Node | null>, depth: number): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    const seen = new Set<string>();
    for (const pair of map.items) {
      const inner = pair.value === null ? null : this.build(pair.value, depth + 1);
      const key = this.#key(pair);
      if (key === undefined) continue;
      if (seen.has(key)) {
        this.#fault(pair.key, 'duplicate-key', `duplicate key ${quote(key)}; a key may be given once`);
      }
      seen.add(key);
      value[key] = inner;
    }
    return value;
  }

  /** The key of a pair, or undefined where it is none that we take, which is then a fault. */
  #key({ key }: Pair<Node, Node | null>): string | undefined {
    const name = isScalar(key) ? scalarText(key) : undefined;
    if (name === '<<') {
      this.#fault(key, 'merge-key', 'merge keys ("<<") are not supported; write the keys out');
      return undefined;
    }
    // As a property name it would set the prototype of the value instead of a key.
    if (name === undefined || name === '' || name === '__proto__') {
      this.#fault(key, 'key', 'a key must be a plain name');
      return undefined;
    }
    return name;
  }

  #alias(alias: Alias, depth: number): unknown {
    const target = this.#anchors.get(alias.source);
    if (target === undefined) {
      this.#fault(
        alias,
        'alias',
        `unknown alias ${quote(`*${alias.source}`)}; no anchor before it has this name`,
      );
      return null;
    }
    if (this.#open.has(target)) {
      this.#fault(alias, 'alias', `alias ${quote(`*${alias.source}`)} contains itself`);
      return null;
    }
    this.anchored.set(alias, target);
    return this.build(target, depth);
  }

  #tooMuch(node: Node, depth: number): null {
    const count = MOST_VALUES.toLocaleString('en-US');
    if (this.complete && depth > DEEPEST) {
      this.#fault(node, 'too-deep', `nested more than ${DEEPEST} levels deep`);
    } else if (this.complete) {
      this.#fault(node, 'too-large', `more than ${count} values once its aliases are expanded`);
    }
    this.complete = false;
    return null;
  }

  /** Once a place: what stands behind an anchor is built again for each of its aliases. */
  #fault(node: Node, code: string, message: string): void {
    const offset = node.range?.[0] ?? 0;
    if (this.#faulty.has(offset)) return;
    this.#faulty.add(offset);
    this.faults.push({ offset, code, message });
  }
}

/** A scalar as it stands in the file: `1_000` and `1e3` are not yet numbers. */
export function scalarText(scalar: Scalar): string {
  return scalar.source ?? String(scalar.value);
}
