// SPDX-License-Identifier: Apache-2.0
// What an authenticator shows.
import { createHmac } from 'node:crypto';

const kLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 6238 of a secret as apps take it; `steps` from now. */
export function totp(secret, steps = 0) {
  let bits = '';
  for (const letter of secret) bits += kLetters.indexOf(letter).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const tag = createHmac('sha1', key).update(counter).digest();
  const number = tag.readUInt32BE(tag.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}
