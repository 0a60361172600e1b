/** Bytes that the identity takes at the start of a payload. */
export const IDENTITY_BYTES = 36;

/**
 * What every message says of itself, so that the ledger can account for it. Reused from message to message:
 * `readIdentity` fills one in instead of allocating.
 */
export interface Identity {
  /** the trial it belongs to, u32 */
  run: number;
  /** u16 */
  producer: number;
  /** index of the phase in which it was planned, u16 */
  phase: number;
  /** contiguous per producer from 0, u48 */
  sequence: number;
  /** index of its key, u32 */
  key: number;
  /** contiguous per key from 0, u32; a key has one writer */
  keySequence: number;
  /** when its send was planned, ns of the host's monotonic clock */
  plannedNs: number;
}

export function emptyIdentity(): Identity {
  return { run: 0, producer: 0, phase: 0, sequence: 0, key: 0, keySequence: 0, plannedNs: 0 };
}

/** Little-endian: run u32, producer u16, phase u16, sequence u48, u16 of zeros, key u32, keySequence u32, plannedNs f64, CRC-32 of these 32 bytes u32. */
export function writeIdentity(identity: Identity, payload: Buffer): void {
  payload.writeUInt32LE(identity.run, 0);
  payload.writeUInt16LE(identity.producer, 4);
  payload.writeUInt16LE(identity.phase, 6);
  payload.writeUInt32LE(identity.sequence >>> 0, 8);
  payload.writeUInt32LE(Math.floor(identity.sequence / 2 ** 32), 12);
  payload.writeUInt32LE(identity.key, 16);
  payload.writeUInt32LE(identity.keySequence, 20);
  payload.writeDoubleLE(identity.plannedNs, 24);
  payload.writeUInt32LE(checksum(payload), 32);
}

/** Fills in the identity; false when the payload is too short or its checksum is wrong. */
export function readIdentity(payload: Buffer, identity: Identity): boolean {
  if (payload.length < IDENTITY_BYTES || payload.readUInt32LE(32) !== checksum(payload)) return false;
  identity.run = payload.readUInt32LE(0);
  identity.producer = payload.readUInt16LE(4);
  identity.phase = payload.readUInt16LE(6);
  identity.sequence = payload.readUInt32LE(8) + payload.readUInt32LE(12) * 2 ** 32;
  identity.key = payload.readUInt32LE(16);
  identity.keySequence = payload.readUInt32LE(20);
  identity.plannedNs = payload.readDoubleLE(24);
  return true;
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** CRC-32 of the first 32 bytes. In JavaScript: a call into zlib costs more than these few bytes do. */
function checksum(payload: Buffer): number {
  let crc = -1;
  for (let index = 0; index < 32; index++) {
    crc = (CRC_TABLE[(crc ^ (payload[index] ?? 0)) & 255] ?? 0) ^ (crc >>> 8);
  }
  return (crc ^ -1) >>> 0;
}
