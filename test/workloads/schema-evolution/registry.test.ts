import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import protobufjs from 'protobufjs';
import type { SchemaSpec } from '../../../src/scenario/index.ts';
import { openFormat } from '../../../src/workloads/schema-evolution/open-format.ts';
import { wireObjection } from '../../../src/workloads/schema-evolution/protobuf.ts';
import { Registry } from '../../../src/workloads/schema-evolution/registry.ts';
import { FORMATS, specOf } from './fixtures.ts';

/** What may be written, where v1, v2 and v3 are wanted one after the other. */
async function written(changes: Partial<SchemaSpec>): Promise<string> {
  const spec = specOf(changes);
  const registry = new Registry(await openFormat(spec), spec.registry);
  return (['v1', 'v2', 'v3'] as const).map((version) => registry.admit(version).version).join(' ');
}

describe('a registry', () => {
  for (const format of FORMATS) {
    it(`lets ${format} have a field that has a default, in every mode`, async () => {
      for (const registry of ['none', 'backward', 'forward', 'full'] as const) {
        assert.match(await written({ format, registry }), /^v1 v2 /);
      }
    });

    it(`lets ${format} change a unit, which is in no schema`, async () => {
      assert.equal(await written({ format, registry: 'full', breaking: 'changed-unit' }), 'v1 v2 v3');
    });
  }

  for (const format of ['json', 'avro'] as const) {
    it(`refuses ${format} without a field that old readers need, unless it thinks of new readers only`, async () => {
      assert.equal(await written({ format, registry: 'full' }), 'v1 v2 v2');
      assert.equal(await written({ format, registry: 'forward' }), 'v1 v2 v2');
      assert.equal(await written({ format, registry: 'backward' }), 'v1 v2 v3');
      assert.equal(await written({ format, registry: 'none' }), 'v1 v2 v3');
    });
  }

  it('lets Protobuf remove a field, as registries do', async () => {
    assert.equal(await written({ format: 'protobuf', registry: 'full' }), 'v1 v2 v3');
  });

  it('refuses a version again, and says why; and has what was registered written again', async () => {
    const registry = new Registry(await openFormat(specOf({ format: 'avro' })), 'full');
    registry.admit('v1');
    const objection = 'v3 is not full: no matching field for default-less shop.OrderPlaced.currency';
    for (let time = 0; time < 2; time++) assert.deepEqual(registry.admit('v3'), { version: 'v1', objection });
    assert.deepEqual(registry.admit('v2'), { version: 'v2', objection: undefined });
    assert.deepEqual(registry.admit('v1'), { version: 'v1', objection: undefined });
  });
});

describe('Protobuf', () => {
  const typeOf = (fields: string): protobufjs.Type =>
    protobufjs.parse(`syntax = "proto3"; message M { ${fields} }`).root.lookupType('M');

  it('is objected to for a number that is used for something else, and for nothing else', () => {
    const old = typeOf('string name = 1; int64 total = 2;');
    assert.equal(
      wireObjection(old, typeOf('string name = 1; string total = 2;')),
      'number 2 is int64 for a reader, and string for a writer',
    );
    assert.notEqual(wireObjection(old, typeOf('repeated string name = 1; int64 total = 2;')), undefined);
    assert.equal(wireObjection(old, typeOf('string title = 1; reserved 2; bool paid = 3;')), undefined);
  });
});
