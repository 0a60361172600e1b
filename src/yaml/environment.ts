import type { Path } from './document.ts';
import type { Problem } from './problem.ts';
import { Section } from './section.ts';
import { problemAt } from './validation.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `$${` stands for a plain `${`. */
const REFERENCE = /\$\$\{|\$\{(?<inside>[^}]*)(?<end>\}?)/g;
const INSIDE = /^(?<name>[A-Za-z_]\w*)(?::-(?<fallback>.*))?$/s;

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every text of a section. As in a shell, the default also
 * stands in for a variable that is empty. A reference that cannot be replaced stays as it is, and is a problem.
 */
export function expandEnvironment(
  section: Section,
  environment: Environment,
): { readonly section: Section; readonly problems: readonly Problem[] } {
  const expander = new Expander(section, environment);
  const value = expander.expand(section.value, []);
  const expanded = new Section(section.document, section.path, value, expander.expanded);
  return { section: expanded, problems: expander.problems };
}

class Expander {
  readonly expanded: Path[] = [];
  readonly problems: Problem[] = [];
  readonly #section: Section;
  readonly #environment: Environment;

  constructor(section: Section, environment: Environment) {
    this.#section = section;
    this.#environment = environment;
  }

  expand(value: unknown, path: Path): unknown {
    if (typeof value === 'string') return this.#text(value, path);
    if (Array.isArray(value)) return value.map((item: unknown, index) => this.expand(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, this.expand(inner, [...path, key])]),
    );
  }

  #text(text: string, path: Path): string {
    if (!text.includes('${')) return text;
    this.expanded.push(path);
    return text.replaceAll(REFERENCE, (reference: string, ...rest: unknown[]) => {
      if (reference === '$${') return '${';
      const { inside = '', end = '' } = rest.at(-1) as Partial<Record<'inside' | 'end', string>>;
      return this.#variable(reference, end === '' ? '' : inside, path);
    });
  }

  #variable(reference: string, inside: string, path: Path): string {
    const { name, fallback } = INSIDE.exec(inside)?.groups ?? {};
    if (name === undefined) {
      const advice = 'use ${NAME} or ${NAME:-default}, or $${ for the characters themselves';
      this.problems.push(problemAt(this.#section, path, 'variable', `a reference to no variable; ${advice}`));
      return reference;
    }
    const value = Object.hasOwn(this.#environment, name) ? this.#environment[name] : undefined;
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
    if (value !== undefined) return value;
    const message = `the environment variable ${name} is not set; set it, or give a default: \${${name}:-…}`;
    this.problems.push(problemAt(this.#section, path, 'missing-variable', message));
    return reference;
  }
}
