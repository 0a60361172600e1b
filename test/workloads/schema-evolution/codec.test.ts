import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { emptyIdentity } from '../../../src/load/index.ts';
import { SchemaRecord } from '../../../src/measure/index.ts';
import { EventCodec } from '../../../src/workloads/schema-evolution/codec.ts';
import { fieldsOf } from '../../../src/workloads/schema-evolution/order.ts';
import { outcomeOf } from '../../../src/workloads/schema-evolution/outcome.ts';
import { ENVELOPES, FORMATS, identityOf, SEED, specOf } from './fixtures.ts';

const KINDS = FORMATS.flatMap((format) => ENVELOPES.map((envelope) => ({ format, envelope })));

describe('an event in a message', () => {
  for (const kind of KINDS) {
    const { format, envelope } = kind;

    it(`of ${format}, envelope ${envelope}: is read by its own version as it was meant, whatever it is`, async () => {
      const record = new SchemaRecord();
      await fc.assert(
        fc.asyncProperty(fc.nat(2 ** 40), fc.nat(), async (sequence, seed) => {
          const codec = await EventCodec.open(specOf(kind), seed);
          const identity = identityOf(sequence);
          const message = { redelivered: false, ...codec.write(identity, 'v1', record) };
          // what the preflight tries
          assert.ok(message.payload.length <= 1024);
          assert.ok(Object.keys(message.headers ?? {}).length <= 5);
          const view = codec.read(message, 'v1', record);
          const { outcome } = outcomeOf(codec.orderOf(identity), view, codec.versionsOf('v1', 'v1'));
          assert.equal(outcome, 'ok');
          const found = emptyIdentity();
          assert.equal(codec.isIntact(message, found), true);
          assert.deepEqual(found, identity);
        }),
        { numRuns: 30 },
      );
      const { eventBytes, sentBytes, encodeNs, decodeNs } = record.figures;
      assert.deepEqual([encodeNs.count, decodeNs.count, eventBytes.count], [30, 30, 30]);
      assert.ok((sentBytes.max ?? 0) >= (eventBytes.max ?? Infinity));
    });

    it(`of ${format}, envelope ${envelope}: is found corrupt for a bit that flips in any byte, and any header that changes`, async () => {
      const codec = await EventCodec.open(specOf(kind), SEED);
      const { payload, headers } = codec.write(identityOf(3), 'v2', new SchemaRecord());
      for (let byte = 0; byte < payload.length; byte++) {
        const changed = Buffer.from(payload);
        changed[byte] = (changed[byte] ?? 0) ^ (1 << (byte & 7));
        assert.equal(
          codec.isIntact({ payload: changed, headers, redelivered: false }, emptyIdentity()),
          false,
          `byte ${byte}`,
        );
      }
      for (const name of Object.keys(headers ?? {})) {
        const changed = { ...headers, [name]: 'x' };
        assert.equal(
          codec.isIntact({ payload, headers: changed, redelivered: false }, emptyIdentity()),
          false,
        );
      }
    });
  }

  it('has the sizes that it has: Avro with the id of its schema, an envelope with its attributes', async () => {
    const sizes = async (changes: object): Promise<readonly (number | null)[]> => {
      const codec = await EventCodec.open(specOf(changes), SEED);
      const record = new SchemaRecord();
      const { payload } = codec.write(identityOf(3), 'v1', record);
      return [record.figures.eventBytes.max, record.figures.sentBytes.max, payload.length - 37];
    };
    const [json, jsonSent, jsonBody] = await sizes({});
    assert.deepEqual([jsonSent, jsonBody], [json, json]);
    const [avro, avroSent, avroBody] = await sizes({ format: 'avro' });
    assert.deepEqual([avroSent, avroBody], [(avro ?? 0) + 5, (avro ?? 0) + 5]);
    const binary = await sizes({ format: 'avro', envelope: 'cloudevents-binary' });
    assert.deepEqual([binary[0], binary[2]], [avro, avroBody]);
    const headers =
      'content-typeapplication/avroce-idorder-0-3ce-typeshop.order.placed.v1ce-source/shop/ordersce-specversion1.0';
    assert.equal(binary[1], (avroBody ?? 0) + headers.length);
  });

  it('is refused by a writer that checks, when it is none of its version', async () => {
    for (const format of FORMATS) {
      const codec = await EventCodec.open(specOf({ format }), SEED);
      const wrong = { orderId: 'order-0-0', placedAt: 'today' };
      assert.throws(() => codec.format.check(wrong, 'v1'), Error, format);
    }
  });

  it('has in each version the fields of the one before, but for what v3 breaks', () => {
    const [v1, v2] = [fieldsOf('v1', 'removed-field'), fieldsOf('v2', 'removed-field')];
    assert.deepEqual(v2, [...v1, 'channel']);
    assert.deepEqual(
      fieldsOf('v3', 'removed-field'),
      v2.filter((field) => field !== 'currency'),
    );
    assert.deepEqual(fieldsOf('v3', 'changed-unit'), v2);
  });
});
