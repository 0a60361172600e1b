import { Random } from '../stats/index.ts';
import { IDENTITY_BYTES, readIdentity, writeIdentity, type Identity } from './identity.ts';

/** Bodies start at one of this many places of the pool, so that neighbours differ. */
const OFFSETS = 4096;

/**
 * Writes payloads and tells whether one that came back is intact, to the last byte: the identity by its
 * checksum, the body by comparison with what its sequence must have had. Comparing costs a tenth of a CRC
 * over the body, and misses nothing.
 */
export class Payloads {
  readonly #sizeBytes: number;
  readonly #pool: Buffer;
  readonly #free: Buffer[] = [];

  /** @param sizeBytes of the whole payload, at least IDENTITY_BYTES */
  constructor(sizeBytes: number, seed: number) {
    this.#sizeBytes = sizeBytes;
    const random = new Random(seed, 'payload');
    this.#pool = Buffer.alloc(OFFSETS + sizeBytes);
    for (let index = 0; index < this.#pool.length; index++) this.#pool[index] = random.below(256);
  }

  write(identity: Identity): Buffer {
    const payload = this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#sizeBytes);
    const start = identity.sequence % OFFSETS;
    this.#pool.copy(payload, IDENTITY_BYTES, start, start + this.#sizeBytes - IDENTITY_BYTES);
    writeIdentity(identity, payload);
    return payload;
  }

  /**
   * Takes back a payload that nobody reads any more. At 5,000/s of 1 KiB, fresh buffers make the collector
   * stop the sender for several ms a second.
   */
  recycle(payload: Buffer): void {
    this.#free.push(payload);
  }

  /** Fills in the identity of an intact payload; false when it is corrupt. */
  read(payload: Buffer, identity: Identity): boolean {
    if (payload.length !== this.#sizeBytes || !readIdentity(payload, identity)) return false;
    const start = identity.sequence % OFFSETS;
    const end = start + this.#sizeBytes - IDENTITY_BYTES;
    return payload.compare(this.#pool, start, end, IDENTITY_BYTES) === 0;
  }
}
