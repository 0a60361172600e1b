/**
 * Writes schemas/, made from the schemas that read the files: what editors complete and check YAML with, and
 * what tells other tools how a result is made up.
 * Run it after a change of one: `node scripts/write-schemas.ts`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { policySchema } from '../src/compare/index.ts';
import { decisionSchema, pricesSchema } from '../src/decision/index.ts';
import { importedSchema, resultSchema } from '../src/result/index.ts';
import { scenarioSchema, workspaceSchema } from '../src/scenario/index.ts';

const SCHEMAS = {
  'scenario.schema.json': scenarioSchema,
  'mqbench.schema.json': workspaceSchema,
  'result.schema.json': resultSchema,
  'imported.schema.json': importedSchema,
  'decision.schema.json': decisionSchema,
  'prices.schema.json': pricesSchema,
  'policy.schema.json': policySchema,
} as const;

/** The contents of the files in schemas/, by name. Draft 7 is what YAML language servers know best. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(SCHEMAS).map(([file, schema]) => {
      const json = z.toJSONSchema(schema, { io: 'input', target: 'draft-07' });
      return [file, `${JSON.stringify(json, null, 2)}\n`];
    }),
  );
}

export const SCHEMAS_DIRECTORY = new URL('../schemas/', import.meta.url);

async function writeSchemas(): Promise<void> {
  await mkdir(SCHEMAS_DIRECTORY, { recursive: true });
  for (const [file, text] of schemaFiles()) await writeFile(new URL(file, SCHEMAS_DIRECTORY), text);
}

if (import.meta.main) await writeSchemas();
