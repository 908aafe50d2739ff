// SPDX-License-Identifier: Apache-2.0
// As much of RFC 6455 as a well-behaved load needs: whole text frames, masked out, plain in.
import { randomBytes } from 'node:crypto';

const kTextFinal = 0x81;
const kMasked = 0x80;
const kShortMax = 125;
const kMessageBytesMax = 1 << 20;

/** A masked text frame (§5.2, §5.3), ready to be written as often as one likes. */
export function frame(text) {
  const payload = Buffer.from(text);
  const short = payload.length <= kShortMax;
  if (payload.length > 0xffff) throw new Error('a load message has at most 64 KiB');
  const head = Buffer.alloc(short ? 2 : 4);
  head[0] = kTextFinal;
  head[1] = kMasked | (short ? payload.length : 126);
  if (!short) head.writeUInt16BE(payload.length, 2);
  const mask = randomBytes(4);
  for (let at = 0; at < payload.length; at += 1) payload[at] ^= mask[at & 3];
  return Buffer.concat([head, mask, payload]);
}

/** Cuts what arrives into frames. Keeps bytes only while a frame is incomplete. */
export class FrameReader {
  #kept = null;

  /** Calls `take(opcode, payload)` for each whole frame. */
  push(chunk, take) {
    let rest = this.#kept ? Buffer.concat([this.#kept, chunk]) : chunk;
    this.#kept = null;
    for (;;) {
      const size = sizeOf(rest);
      if (!size || rest.length < size.head + size.payload) break;
      const end = size.head + size.payload;
      take(rest[0] & 0x0f, rest.subarray(size.head, end));
      rest = rest.subarray(end);
    }
    if (rest.length > 0) this.#kept = Buffer.from(rest);
  }
}

function sizeOf(bytes) {
  if (bytes.length < 2) return null;
  const short = bytes[1] & 0x7f;
  if (short <= kShortMax) return { head: 2, payload: short };
  const head = short === 126 ? 4 : 10;
  if (bytes.length < head) return null;
  const payload = short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (payload > kMessageBytesMax) throw new Error(`a frame of ${payload} bytes`);
  return { head, payload };
}
