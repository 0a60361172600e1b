import { isMapping, NAME, Overlay, type Problem, problemAt, quote, Section } from '../yaml/index.ts';

interface Variant {
  /** undefined for a scenario without variants */
  readonly variant: string | undefined;
  readonly section: Section;
}

/**
 * A scenario's text once for each of its variants, with what the variant says in place of what all share. The
 * scenario itself is none of them.
 */
export function variantsOf(whole: Section): {
  readonly sections: readonly Variant[];
  readonly problems: readonly Problem[];
} {
  const { value } = whole;
  if (!isMapping(value) || !('variants' in value)) {
    return { sections: [{ variant: undefined, section: whole }], problems: [] };
  }
  const { variants, ...shared } = value;
  const base = new Section(whole.document, [], shared);
  const problem = (code: string, message: string): Problem => problemAt(whole, ['variants'], code, message);
  if (!isMapping(variants)) {
    return {
      sections: [],
      problems: [problem('wrong-type', 'must be a mapping of names to what is different')],
    };
  }
  const names = Object.keys(variants);
  if (names.length === 0)
    return { sections: [], problems: [problem('empty', 'has no variant; leave it out')] };
  const problems = names.flatMap((name): Problem[] => {
    if (!NAME.test(name)) {
      const message = `variants: ${quote(name)} is no name; use a-z, 0-9 and dashes, at most 40 characters`;
      return [{ ...whole.locateKey(['variants'], name), code: 'scenario.bad-name', message }];
    }
    const variant = variants[name];
    if (!isMapping(variant))
      return [problemAt(whole, ['variants', name], 'wrong-type', 'must be a mapping of what is different')];
    if (!('variants' in variant) && !('name' in variant)) return [];
    const key = 'name' in variant ? 'name' : 'variants';
    const message = `a variant has no "${key}" of its own; it is named after the scenario and itself`;
    return [problemAt(whole, ['variants', name, key], 'not-in-a-variant', message)];
  });
  const sections = names
    .filter((name) => isMapping(variants[name]))
    .map((name) => ({ variant: name, section: new Overlay(base, ['variants', name], variants[name]) }));
  return { sections: problems.length > 0 ? [] : sections, problems };
}
