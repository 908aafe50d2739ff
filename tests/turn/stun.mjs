// SPDX-License-Identifier: Apache-2.0
// As much of STUN (RFC 8489) and TURN (RFC 8656) as it takes to ask a server the questions of the
// tests: messages in and out of bytes, long-term credentials.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { isIPv4 } from 'node:net';

const COOKIE = 0x2112a442;

export const Method = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
};

export const Kind = { request: 0x000, indication: 0x010, success: 0x100, error: 0x110 };

export const Attribute = {
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  channel: 0x000c,
  lifetime: 0x000d,
  peer: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  relayed: 0x0016,
  family: 0x0017,
  transport: 0x0019,
  mapped: 0x0020,
};

/** Sixteen bytes of an IPv6 address in any spelling, also with a dotted quad at its end. */
export function bytesOfIPv6(text) {
  const quad = text.match(/^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/);
  if (quad) {
    const [a, b, c, d] = quad.slice(2).map(Number);
    return bytesOfIPv6(`${quad[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`);
  }
  const [head, tail] = text.split('::');
  const groups = (part) => (part ? part.split(':').map((group) => Number.parseInt(group, 16)) : []);
  const left = groups(head);
  const right = groups(tail);
  const filled =
    tail === undefined
      ? left
      : [...left, ...Array(8 - left.length - right.length).fill(0), ...right];
  if (filled.length !== 8) throw new Error(`no IPv6 address: ${text}`);
  return Buffer.from(filled.flatMap((group) => [group >> 8, group & 0xff]));
}

const bytesOf = (address) =>
  isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : bytesOfIPv6(address);

function mask(address, transaction) {
  const key = Buffer.concat([u32(COOKIE), transaction]);
  return Buffer.from(address.map((byte, index) => byte ^ key[index]));
}

export const u32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** RFC 8489 §14.2. */
export function xorAddress(address, port, transaction) {
  const bytes = bytesOf(address);
  const head = Buffer.from([0, bytes.length === 4 ? 1 : 2, 0, 0]);
  head.writeUInt16BE(port ^ (COOKIE >>> 16), 2);
  return Buffer.concat([head, mask(bytes, transaction)]);
}

export function readXorAddress(value, transaction) {
  const bytes = mask(value.subarray(4), transaction);
  const address =
    bytes.length === 4 ? bytes.join('.') : bytes.toString('hex').match(/.{4}/g).join(':');
  return { address, port: value.readUInt16BE(2) ^ (COOKIE >>> 16) };
}

function attributeBytes([type, value]) {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

function headerBytes(type, length, transaction) {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type);
  head.writeUInt16BE(length, 2);
  return Buffer.concat([head, u32(COOKIE), transaction]);
}

/** RFC 8489 §9.2.2: the key of long-term credentials. */
export const longTermKey = (username, realm, password) =>
  createHash('md5').update(`${username}:${realm}:${password}`).digest();

/** A message; with a key it ends in MESSAGE-INTEGRITY (RFC 8489 §14.5). */
export function encode({ method, kind, transaction, attributes, key }) {
  const body = Buffer.concat(attributes.map(attributeBytes));
  const type = method | kind;
  if (!key) return Buffer.concat([headerBytes(type, body.length, transaction), body]);
  const signed = Buffer.concat([headerBytes(type, body.length + 24, transaction), body]);
  const mac = createHmac('sha1', key).update(signed).digest();
  return Buffer.concat([signed, attributeBytes([Attribute.integrity, mac])]);
}

/** Nothing for what is no STUN message. */
export function decode(bytes) {
  if (bytes.length < 20 || bytes.readUInt32BE(4) !== COOKIE) return undefined;
  const type = bytes.readUInt16BE();
  const attributes = new Map();
  for (let at = 20; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt16BE(at + 2);
    const name = bytes.readUInt16BE(at);
    if (!attributes.has(name)) attributes.set(name, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length + ((4 - (length % 4)) % 4);
  }
  const error = attributes.get(Attribute.error);
  return {
    method: type & ~0x110,
    kind: type & 0x110,
    transaction: Buffer.from(bytes.subarray(8, 20)),
    attributes,
    code: error ? error[2] * 100 + error[3] : 0,
  };
}

export const newTransaction = () => randomBytes(12);
