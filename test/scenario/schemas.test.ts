import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { schemaFiles, SCHEMAS_DIRECTORY } from '../../scripts/write-schemas.ts';
import { STARTER_FILES } from '../../src/scenario/index.ts';
import { edited, VALID } from './fixtures/valid.ts';

describe('schemas/', () => {
  for (const [file, text] of schemaFiles()) {
    it(`${file} is fresh (or run: node scripts/write-schemas.ts)`, async () => {
      assert.equal(await readFile(new URL(file, SCHEMAS_DIRECTORY), 'utf8'), text);
    });
  }
});

/** Reads YAML with nothing but a JSON Schema, as an editor does. */
function accepts(file: string, text: string): boolean {
  const schema = JSON.parse(schemaFiles().get(file) ?? '{}') as Parameters<typeof z.fromJSONSchema>[0];
  return z.fromJSONSchema(schema).safeParse(parse(text)).success;
}

describe('an editor', () => {
  it('accepts every scenario that ships, and what init writes', async () => {
    const shipped = new URL('../../scenarios/', import.meta.url);
    const texts = await Promise.all(
      (await readdir(shipped)).map((name) => readFile(new URL(name, shipped), 'utf8')),
    );
    for (const text of [VALID, ...texts]) assert.ok(accepts('scenario.schema.json', text), text);
    for (const { path, text } of STARTER_FILES) {
      const file = path === 'mqbench.yaml' ? 'mqbench.schema.json' : 'scenario.schema.json';
      assert.ok(accepts(file, text), path);
    }
  });

  it('underlines what the reader would refuse', () => {
    const mistakes = [
      edited('for: 15s', 'fro: 15s'),
      edited('for: 15s', 'for: 5 parsecs'),
      edited('rate: 3600/h', 'rate: 1000'),
      edited('leader-acked', 'leader-ack'),
      edited('partitions: 4', 'partitions: 0'),
      edited('ledger.lost == 0', 'nothing is lost'),
      edited('contract: leader-acked\n', ''),
    ];
    for (const text of mistakes) assert.equal(accepts('scenario.schema.json', text), false, text);
  });
});
