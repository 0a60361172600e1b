import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { emptyIdentity, IDENTITY_BYTES, readIdentity, type Identity } from '../../src/load/index.ts';
import { writeIdentity } from '../../src/load/identity.ts';

const U16 = 2 ** 16 - 1;
const U32 = 2 ** 32 - 1;
const U48 = 2 ** 48 - 1;

/** any identity, the ends of each field's range among them */
const identities: fc.Arbitrary<Identity> = fc.record(
  {
    run: upTo(U32),
    producer: upTo(U16),
    phase: upTo(U16),
    sequence: upTo(U48),
    key: upTo(U32),
    keySequence: upTo(U32),
    plannedNs: fc.oneof(upTo(Number.MAX_SAFE_INTEGER), fc.double({ min: 0, max: 1e18, noNaN: true })),
  },
  { noNullPrototype: true },
);

function upTo(max: number): fc.Arbitrary<number> {
  return fc.oneof(fc.constantFrom(0, 1, max), fc.integer({ min: 0, max: Math.min(max, 2 ** 53 - 1) }));
}

function written(identity: Identity): Buffer {
  const payload = Buffer.alloc(IDENTITY_BYTES);
  writeIdentity(identity, payload);
  return payload;
}

describe('an identity', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(identities, (identity) => {
        const read = emptyIdentity();
        assert.equal(readIdentity(written(identity), read), true);
        assert.deepEqual(read, identity);
      }),
    );
  });

  it('is not read when any one of its bits is flipped', () => {
    fc.assert(
      fc.property(identities, fc.nat(IDENTITY_BYTES * 8 - 1), (identity, bit) => {
        const payload = written(identity);
        payload[bit >>> 3] = (payload[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
        assert.equal(readIdentity(payload, emptyIdentity()), false);
      }),
      { numRuns: 1000 },
    );
  });

  it('is not read from fewer bytes than it takes', () => {
    const payload = written(emptyIdentity());
    for (let length = 0; length < IDENTITY_BYTES; length++) {
      assert.equal(readIdentity(payload.subarray(0, length), emptyIdentity()), false);
    }
  });

  it('is not read from zeros', () => {
    assert.equal(readIdentity(Buffer.alloc(100), emptyIdentity()), false);
  });

  it('has the layout that is documented, with the CRC-32 of zlib', () => {
    const payload = written({
      run: 0x01020304,
      producer: 0x0506,
      phase: 0x0708,
      sequence: 0x090a0b0c0d0e,
      key: 0x0f101112,
      keySequence: 0x13141516,
      plannedNs: 1,
    });
    assert.equal(
      payload.toString('hex', 0, 32),
      ['04030201', '0605', '0807', '0e0d0c0b0a09', '0000', '1211100f', '16151413', '000000000000f03f'].join(
        '',
      ),
    );
    assert.equal(payload.readUInt32LE(32), crc32(payload.subarray(0, 32)));
  });
});
