// SPDX-License-Identifier: Apache-2.0
// Bytes on a TCP connection: what no stock client would send, and exactly what comes back.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { within } from './waiting.mjs';

const kWaitMsMax = 10_000;

/** A TCP connection that keeps what it got. */
export class Wire {
  bytes = Buffer.alloc(0);
  ended = false;
  #wake = () => {};

  /** `from`: the address of this machine to come from. */
  static async open(port, { from } = {}) {
    const wire = new Wire();
    wire.socket = net.connect({ port, host: '127.0.0.1', localAddress: from });
    wire.opened = performance.now();
    // A peer that closes while we still write is a fact to look at, not an error.
    wire.socket.on('error', () => {});
    wire.socket.on('data', (piece) => {
      wire.bytes = Buffer.concat([wire.bytes, piece]);
      wire.#wake();
    });
    wire.socket.on('close', () => {
      wire.ended = true;
      wire.endedAfterMs = performance.now() - wire.opened;
      wire.#wake();
    });
    await once(wire.socket, 'connect');
    return wire;
  }

  send(data) {
    this.socket.write(data);
  }
  close() {
    this.socket.destroy();
  }

  async until(what, probe, ms = kWaitMsMax) {
    const found = new Promise((resolve) => {
      this.#wake = () => {
        const seen = probe();
        if (seen === undefined || seen === false) return;
        this.#wake = () => {};
        resolve(seen);
      };
      this.#wake();
    });
    try {
      return await within(ms, what, found);
    } finally {
      this.#wake = () => {};
    }
  }

  /** The peer has closed. */
  async end(ms) {
    await this.until('the end of the connection', () => this.ended, ms);
    return this;
  }

  /** One HTTP answer with its body; `undefined` when the connection ended without one. */
  async answer(ms) {
    const parsed = await this.until(
      'an HTTP answer',
      () => this.#parseAnswer() ?? (this.ended ? null : undefined),
      ms,
    );
    return parsed ?? undefined;
  }

  #parseAnswer() {
    const text = this.bytes.toString('latin1');
    const split = text.indexOf('\r\n\r\n');
    if (split < 0) return undefined;
    const [line, ...fields] = text.slice(0, split).split('\r\n');
    const headers = Object.fromEntries(
      fields.map((field) => [
        field.slice(0, field.indexOf(':')).toLowerCase(),
        field.slice(field.indexOf(':') + 1).trim(),
      ]),
    );
    const status = Number(line.split(' ')[1]);
    const length = status === 101 ? 0 : Number(headers['content-length'] ?? 0);
    const end = split + 4 + length;
    if (this.bytes.length < end) return undefined;
    const body = this.bytes.subarray(split + 4, end).toString();
    this.bytes = this.bytes.subarray(end);
    return { status, headers, body };
  }
}

/** A request in one go, and its answer. */
export async function ask(port, head, body = '', place = {}) {
  const wire = await Wire.open(port, place);
  const content = Buffer.from(body);
  const length = content.length > 0 ? `Content-Length: ${content.length}\r\n` : '';
  wire.send(`${head}\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${length}\r\n`);
  if (content.length > 0) wire.send(content);
  try {
    return await wire.answer();
  } finally {
    wire.close();
  }
}

/**
 * All that comes until the connection ends, so that a body where none belongs is seen, and a field
 * that comes twice. `line` without the version.
 */
export async function wholeAnswer(port, line, fields = {}, body = '') {
  const wire = await Wire.open(port);
  const length = body === '' ? {} : { 'Content-Length': Buffer.byteLength(body) };
  const all = { Host: `127.0.0.1:${port}`, Connection: 'close', ...length, ...fields };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  wire.send(`${line} HTTP/1.1\r\n${head.join('')}\r\n${body}`);
  await wire.end();
  const end = wire.bytes.indexOf('\r\n\r\n');
  const [first, ...rest] = wire.bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = {};
  for (const field of rest) {
    const [, name, value] = /^([\w-]+): (.*)$/.exec(field);
    assert.ok(!(name.toLowerCase() in headers), `${name} twice`);
    headers[name.toLowerCase()] = value;
  }
  return { status: Number(first.split(' ')[1]), headers, body: wire.bytes.subarray(end + 4) };
}

const kText = 0x1;
const kClose = 0x8;

/** An Engine.IO link over a WebSocket that is written by hand. */
export class RawLink {
  static async open(port) {
    const link = new RawLink();
    link.wire = await Wire.open(port);
    const key = randomBytes(16).toString('base64');
    link.wire.send(
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n' +
        `Host: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    const answer = await link.wire.answer();
    if (answer?.status !== 101) throw new Error(`no upgrade: ${JSON.stringify(answer)}`);
    link.open = JSON.parse((await link.text()).slice(1));
    return link;
  }

  /** CONNECT with a token; the Socket.IO id. */
  async connect(token) {
    this.sendText(`40${JSON.stringify({ token })}`);
    const answer = await this.text();
    if (!answer.startsWith('40')) throw new Error(`not let in: ${answer}`);
    this.id = JSON.parse(answer.slice(2)).sid;
    return this;
  }

  /** A masked frame (RFC 6455 section 5.2); the payload may be anything. */
  sendFrame(opcode, payload, { fin = true } = {}) {
    const data = Buffer.from(payload);
    const mask = randomBytes(4);
    const length =
      data.length < 126
        ? Buffer.from([0x80 | data.length])
        : data.length < 65_536
          ? Buffer.from([0x80 | 126, data.length >> 8, data.length & 255])
          : Buffer.concat([Buffer.from([0x80 | 127]), sixtyFour(data.length)]);
    for (let at = 0; at < data.length; at += 1) data[at] ^= mask[at % 4];
    this.wire.send(Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | opcode]), length, mask, data]));
  }
  sendText(text) {
    this.sendFrame(kText, text);
  }

  /** The next frame: `{opcode, payload}`; null when the connection ended instead. */
  frame(ms) {
    return this.wire.until(
      'a frame',
      () => this.#parseFrame() ?? (this.wire.ended ? null : undefined),
      ms,
    );
  }
  async text(ms) {
    const frame = await this.frame(ms);
    if (frame?.opcode !== kText) throw new Error(`no text, but ${JSON.stringify(frame)}`);
    return frame.payload.toString();
  }
  /** The code of the close frame; texts before it are passed over. Then the connection ends. */
  async closed(ms) {
    for (;;) {
      const frame = await this.frame(ms);
      if (frame === null) return undefined;
      if (frame.opcode !== kClose) continue;
      this.wire.socket.end();
      await this.wire.end();
      return frame.payload.length < 2 ? 1005 : frame.payload.readUInt16BE(0);
    }
  }
  close() {
    this.wire.close();
  }

  #parseFrame() {
    const { bytes } = this.wire;
    if (bytes.length < 2) return undefined;
    let length = bytes[1] & 127;
    let at = 2;
    if (length === 126) {
      if (bytes.length < 4) return undefined;
      length = bytes.readUInt16BE(2);
      at = 4;
    } else if (length === 127) {
      if (bytes.length < 10) return undefined;
      length = Number(bytes.readBigUInt64BE(2));
      at = 10;
    }
    if (bytes.length < at + length) return undefined;
    const payload = Buffer.from(bytes.subarray(at, at + length));
    this.wire.bytes = bytes.subarray(at + length);
    return { opcode: bytes[0] & 15, payload };
  }
}

function sixtyFour(number) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(number));
  return bytes;
}

/** An Engine.IO link over polling, request by request; `headers` go with each. */
export class RawPolling {
  static async open(port, headers = {}) {
    const link = new RawPolling();
    link.port = port;
    link.headers = headers;
    link.sid = '';
    const answer = await link.get();
    if (answer.status !== 200) throw new Error(JSON.stringify(answer));
    link.sid = `&sid=${JSON.parse(answer.body.slice(1)).sid}`;
    return link;
  }
  #ask(method, headers, body) {
    const fields = Object.entries({ ...this.headers, ...headers });
    const lines = fields.map(([name, value]) => `\r\n${name}: ${value}`).join('');
    const target = `/socket.io/?EIO=4&transport=polling${this.sid}`;
    return ask(this.port, `${method} ${target} HTTP/1.1${lines}`, body);
  }
  get(headers = {}) {
    return this.#ask('GET', headers);
  }
  post(body, type = 'text/plain;charset=UTF-8') {
    return this.#ask('POST', { 'Content-Type': type }, body);
  }
  async connect(token) {
    await this.post(`40${JSON.stringify({ token })}`);
    const answer = await this.get();
    if (!answer.body.startsWith('40')) throw new Error(`not let in: ${answer.body}`);
    return this;
  }
}
