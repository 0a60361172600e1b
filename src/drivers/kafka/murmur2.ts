const multiplier = 0x5bd1e995;
const seed = 0x9747b28c;

/**
 * MurmurHash2 in the 32-bit variant that Kafka's Java client hashes keys with, as a signed integer.
 * Source: org.apache.kafka.common.utils.Utils.murmur2.
 */
export function murmur2(data: Uint8Array): number {
  const { length } = data;
  const view = new DataView(data.buffer, data.byteOffset, length);
  const wholeBytes = length & ~3;
  let hash = seed ^ length;
  for (let index = 0; index < wholeBytes; index += 4) {
    let word = Math.imul(view.getInt32(index, true), multiplier);
    word ^= word >>> 24;
    hash = Math.imul(hash, multiplier) ^ Math.imul(word, multiplier);
  }
  if (length > wholeBytes) {
    for (let index = length - 1; index >= wholeBytes; index -= 1) {
      hash ^= view.getUint8(index) << (8 * (index - wholeBytes));
    }
    hash = Math.imul(hash, multiplier);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, multiplier);
  return hash ^ (hash >>> 15);
}
