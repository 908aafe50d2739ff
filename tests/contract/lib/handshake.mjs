// SPDX-License-Identifier: Apache-2.0
// TLS handshakes with the server: by Node, by the openssl command, and half of one by hand.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { outputOf } from '../../lib/output.mjs';
import { pause, within } from './waiting.mjs';

const kShakeMsMax = 10_000;

/** A finished handshake. A refusal rejects with OpenSSL's code. */
export async function shake(port, options = {}) {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  const done = new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed during the handshake')));
  });
  try {
    await within(kShakeMsMax, 'a handshake', done);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  socket.on('error', () => {});
  return socket;
}

/** The number of the certificate that a newcomer is shown. */
export async function shownSerial(port) {
  const socket = await shake(port);
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

/** A request over a finished handshake; everything that comes back until `enough` or the end. */
export async function requested(socket, head, enough = /\r\n\r\n/) {
  let text = '';
  const answered = new Promise((resolve) => {
    socket.on('data', (bytes) => {
      text += bytes;
      if (enough.test(text)) resolve();
    });
    socket.once('close', resolve);
  });
  socket.write(`${head}\r\nHost: 127.0.0.1\r\n\r\n`);
  await within(kShakeMsMax, head, answered);
  return text;
}

/** What `openssl s_client` prints, its input being open for so long. */
export async function sClientFor(ms, port, ...args) {
  const child = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said = outputOf(child);
  child.stdin.on('error', () => {});
  const ended = once(child, 'close');
  await Promise.race([pause(ms), ended]);
  child.stdin.end();
  await within(kShakeMsMax, 'openssl s_client', ended);
  return said.out + said.err;
}
export const sClient = (port, ...args) => sClientFor(0, port, ...args);

const sixteen = (number) => Buffer.from([number >> 8, number & 255]);
const vector = (bytes) => Buffer.concat([sixteen(bytes.length), bytes]);
const extension = (type, body) => Buffer.concat([sixteen(type), vector(body)]);

/** A ClientHello of TLS 1.2 (RFC 5246 section 7.4.1.2) that offers compression, in its record. */
export function clientHello({ compressions = [1, 0] } = {}) {
  const suites = Buffer.from([0xc0, 0x2b, 0xc0, 0x2f]); // ECDHE with AES-128-GCM
  const extensions = Buffer.concat([
    extension(10, vector(Buffer.from([0x00, 0x17]))), // P-256
    extension(13, vector(Buffer.from([0x04, 0x03, 0x08, 0x04]))), // ECDSA, RSA-PSS; SHA-256
  ]);
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    randomBytes(32),
    Buffer.from([0]), // no session
    vector(suites),
    Buffer.from([compressions.length, ...compressions]),
    vector(extensions),
  ]);
  const message = Buffer.concat([Buffer.from([1, 0]), sixteen(body.length), body]);
  return Buffer.concat([Buffer.from([22, 3, 1]), vector(message)]);
}

/** Of a ServerHello that begins with its record: which session and which compression. */
export function readServerHello(bytes) {
  const sessionBytes = bytes[43];
  const suite = 44 + sessionBytes;
  return { type: bytes[5], sessionBytes, compression: bytes[suite + 2] };
}
