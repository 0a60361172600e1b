import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { emptyIdentity, IDENTITY_BYTES, Payloads, type Identity } from '../../src/load/index.ts';

const sizes = fc.integer({ min: IDENTITY_BYTES, max: 5000 });
const sequences = fc.integer({ min: 0, max: 2 ** 48 - 1 });

function identityOf(sequence: number): Identity {
  return { ...emptyIdentity(), run: 7, sequence };
}

function reads(payloads: Payloads, payload: Buffer): boolean {
  return payloads.read(payload, emptyIdentity());
}

describe('Payloads', () => {
  it('write payloads of the given size, which another agent of the same seed reads', () => {
    fc.assert(
      fc.property(sizes, sequences, fc.nat(), (size, sequence, seed) => {
        const payload = new Payloads(size, seed).write(identityOf(sequence));
        assert.equal(payload.length, size);
        const identity = emptyIdentity();
        assert.equal(new Payloads(size, seed).read(payload, identity), true);
        assert.deepEqual(identity, identityOf(sequence));
      }),
    );
  });

  it('find any flipped bit, in the identity and in the body', () => {
    const payloads = new Payloads(1024, 1);
    fc.assert(
      fc.property(sequences, fc.nat(1024 * 8 - 1), (sequence, bit) => {
        const payload = payloads.write(identityOf(sequence));
        payload[bit >>> 3] = (payload[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
        assert.equal(reads(payloads, payload), false);
      }),
      { numRuns: 2000 },
    );
  });

  it('find a payload that was cut off or grew', () => {
    const payloads = new Payloads(100, 1);
    const payload = payloads.write(identityOf(1));
    assert.equal(reads(payloads, payload.subarray(0, 99)), false);
    assert.equal(reads(payloads, Buffer.concat([payload, Buffer.alloc(1)])), false);
    assert.equal(reads(payloads, Buffer.alloc(0)), false);
  });

  it("find a body that is another message's", () => {
    const payloads = new Payloads(1024, 1);
    const [one, other] = [payloads.write(identityOf(1)), payloads.write(identityOf(2))];
    other.copy(one, IDENTITY_BYTES, IDENTITY_BYTES);
    assert.equal(reads(payloads, one), false);
  });

  it('find a payload of another seed', () => {
    assert.equal(reads(new Payloads(1024, 1), new Payloads(1024, 2).write(identityOf(1))), false);
  });

  it('read a payload with nothing but its identity', () => {
    const payloads = new Payloads(IDENTITY_BYTES, 1);
    assert.equal(reads(payloads, payloads.write(identityOf(9))), true);
  });

  it('write bodies that do not compress, so that a broker that compresses gains nothing', () => {
    const payload = new Payloads(4096, 1).write(identityOf(0));
    assert.ok(deflateSync(payload).length > 4000);
  });
});
