/**
 * The protocol of the memory broker: frames of `u32 length · u8 type · body`, little-endian. Requests are
 * JSON; publish, settle and deliver, of which there are many, are binary. Messages with headers have frames
 * of their own, so that those without pay nothing for them.
 */
export const FRAME = {
  /** client: JSON {id, method, params} */
  request: 1,
  /** client: u32 id · u8 topic · u16 key length · key · payload */
  publish: 2,
  /** client: u32 consumer · u32 delivery · u8 settlement */
  settle: 3,
  /** server: JSON {id, result | error} */
  reply: 4,
  /** server: u32 id */
  acknowledge: 5,
  /** server: u32 consumer · u32 delivery · u8 redelivered · payload */
  deliver: 6,
  /** client: as publish, with u32 length · JSON of the headers before the payload */
  publishWithHeaders: 7,
  /** server: as deliver, with u32 length · JSON of the headers before the payload */
  deliverWithHeaders: 8,
} as const;

export type FrameType = (typeof FRAME)[keyof typeof FRAME];

export const SETTLEMENTS = ['done', 'retry', 'reject'] as const;

/** Larger payloads are refused. */
export const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

const HEADER_BYTES = 5;

function frame(type: FrameType, bodyBytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + bodyBytes);
  buffer.writeUInt32LE(bodyBytes, 0);
  buffer[4] = type;
  return buffer;
}

export function jsonFrame(type: FrameType, value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  return Buffer.concat([frame(type, body.length).subarray(0, HEADER_BYTES), body]);
}

/** @param headers JSON; the broker passes it on unread */
export function publishFrame(
  id: number,
  topic: number,
  key: string,
  payload: Buffer,
  headers?: Buffer,
): Buffer {
  const keyBytes = Buffer.byteLength(key);
  const payloadStart = 7 + keyBytes + sectionBytes(headers);
  const type = headers === undefined ? FRAME.publish : FRAME.publishWithHeaders;
  const buffer = frame(type, payloadStart + payload.length);
  buffer.writeUInt32LE(id, HEADER_BYTES);
  buffer[HEADER_BYTES + 4] = topic;
  buffer.writeUInt16LE(keyBytes, HEADER_BYTES + 5);
  buffer.write(key, HEADER_BYTES + 7);
  if (headers !== undefined) writeSection(buffer, HEADER_BYTES + 7 + keyBytes, headers);
  payload.copy(buffer, HEADER_BYTES + payloadStart);
  return buffer;
}

export function settleFrame(consumer: number, delivery: number, settlement: number): Buffer {
  const buffer = frame(FRAME.settle, 9);
  buffer.writeUInt32LE(consumer, HEADER_BYTES);
  buffer.writeUInt32LE(delivery, HEADER_BYTES + 4);
  buffer[HEADER_BYTES + 8] = settlement;
  return buffer;
}

export function acknowledgeFrame(id: number): Buffer {
  const buffer = frame(FRAME.acknowledge, 4);
  buffer.writeUInt32LE(id, HEADER_BYTES);
  return buffer;
}

export function deliverFrame(
  consumer: number,
  delivery: number,
  redelivered: number,
  payload: Buffer,
  headers?: Buffer,
): Buffer {
  const payloadStart = 9 + sectionBytes(headers);
  const type = headers === undefined ? FRAME.deliver : FRAME.deliverWithHeaders;
  const buffer = frame(type, payloadStart + payload.length);
  buffer.writeUInt32LE(consumer, HEADER_BYTES);
  buffer.writeUInt32LE(delivery, HEADER_BYTES + 4);
  buffer[HEADER_BYTES + 8] = redelivered;
  if (headers !== undefined) writeSection(buffer, HEADER_BYTES + 9, headers);
  payload.copy(buffer, HEADER_BYTES + payloadStart);
  return buffer;
}

/** What a frame with headers has after its fixed part (and key), at `start` of its body. */
export function splitHeaders(body: Buffer, start: number): { headers: Buffer; payload: Buffer } {
  const headersStart = start + 4;
  const payloadStart = headersStart + body.readUInt32LE(start);
  return { headers: body.subarray(headersStart, payloadStart), payload: body.subarray(payloadStart) };
}

function sectionBytes(headers: Buffer | undefined): number {
  return headers === undefined ? 0 : 4 + headers.length;
}

function writeSection(buffer: Buffer, start: number, headers: Buffer): void {
  buffer.writeUInt32LE(headers.length, start);
  headers.copy(buffer, start + 4);
}

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  readonly #onFrame: (type: number, body: Buffer) => void;
  #rest: Buffer | undefined;

  /** @param onFrame gets the body as a view; it must copy what it keeps for long */
  constructor(onFrame: (type: number, body: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    const data = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    while (data.length - start >= HEADER_BYTES) {
      const end = start + HEADER_BYTES + data.readUInt32LE(start);
      if (end > data.length) break;
      this.#onFrame(data[start + 4] ?? 0, data.subarray(start + HEADER_BYTES, end));
      start = end;
    }
    this.#rest = start === data.length ? undefined : data.subarray(start);
  }
}

/** Gathers the frames of one turn of the event loop into one write. */
export class FrameWriter {
  readonly #write: (data: Buffer) => void;
  #frames: Buffer[] = [];

  constructor(write: (data: Buffer) => void) {
    this.#write = write;
  }

  push(data: Buffer): void {
    if (this.#frames.length === 0) queueMicrotask(() => this.#flush());
    this.#frames.push(data);
  }

  #flush(): void {
    const [first, ...others] = this.#frames;
    this.#frames.length = 0;
    if (first !== undefined) this.#write(others.length === 0 ? first : Buffer.concat([first, ...others]));
  }
}
