import type { z } from 'zod';
import type { Path } from './document.ts';

type Definition = z.core.$ZodTypes['_zod']['def'];

/** The keys that a schema knows for the mapping at the path: zod's issue about an unknown key does not say. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  let found = unwrap(schema);
  for (const step of path) found = found.flatMap((definition) => unwrap(inside(definition, step)));
  const keys = found.flatMap((definition) =>
    definition.type === 'object' ? Object.keys(definition.shape) : [],
  );
  return Array.from(new Set(keys));
}

/** What a value may have to match, without the schemas that only wrap others. */
function unwrap(schema: z.core.$ZodType | undefined): Definition[] {
  if (schema === undefined) return [];
  const definition = definitionOf(schema);
  if ('innerType' in definition) return unwrap(definition.innerType);
  if (definition.type === 'union') return definition.options.flatMap((option) => unwrap(option));
  if (definition.type === 'intersection') return [...unwrap(definition.left), ...unwrap(definition.right)];
  if (definition.type === 'lazy') return unwrap(definition.getter());
  if (definition.type !== 'pipe') return [definition];
  // z.preprocess is a pipe whose first half takes anything.
  const isPreprocess = definitionOf(definition.in).type === 'transform';
  return unwrap(isPreprocess ? definition.out : definition.in);
}

/** The schema of what stands at a key of a mapping or at an index of a list. */
function inside(definition: Definition, step: PropertyKey): z.core.$ZodType | undefined {
  if (definition.type === 'record') return definition.valueType;
  if (definition.type === 'array') return definition.element;
  if (definition.type === 'tuple') return definition.items[Number(step)] ?? definition.rest ?? undefined;
  if (definition.type !== 'object') return undefined;
  return Object.hasOwn(definition.shape, step) ? definition.shape[String(step)] : definition.catchall;
}

function definitionOf(schema: z.core.$ZodType): Definition {
  return (schema as z.core.$ZodTypes)._zod.def;
}
