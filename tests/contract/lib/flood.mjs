// SPDX-License-Identifier: Apache-2.0
// Connection attempts with bad tokens, many a second, from the address of everybody else. Each is a
// socket, a handshake and a CONNECT in one piece, so that the flood costs us little.
import { connect } from 'node:net';

const kStepMs = 20;
const kText = 0x81;
const kMasked = 0x80;

/** The path of a WebSocket handshake with `query` behind it, then CONNECT with `token`. */
function attempt(port, query, token) {
  const packet = Buffer.from(`40${JSON.stringify({ token })}`);
  const head =
    `GET /socket.io/?EIO=4&transport=websocket${query} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` +
    'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
  // A mask of zeros leaves the payload as it is (RFC 6455 section 5.3).
  const frame = Buffer.from([kText, kMasked | packet.length, 0, 0, 0, 0]);
  return Buffer.concat([Buffer.from(head), frame, packet]);
}

export class Flood {
  /** What became of its attempts; `closed` at accept. */
  counts = { made: 0, lookedAt: 0, refused: 0, tooMany: 0, closed: 0 };
  #bytes;
  #port;
  #open = new Set();
  #timer;

  constructor(port, perSecond, { query = '', token = 'not.a.token' } = {}) {
    this.#port = port;
    this.#bytes = attempt(port, query, token);
    let owed = 0;
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      owed += ((now - last) / 1000) * perSecond;
      last = now;
      for (; owed >= 1; owed -= 1) this.#one();
    }, kStepMs);
  }

  #one() {
    this.counts.made += 1;
    let text = '';
    const socket = connect(this.#port, '127.0.0.1');
    this.#open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#open.delete(socket);
      if (text === '') this.counts.closed += 1;
    });
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if (text.startsWith('HTTP/1.1 429')) this.counts.tooMany += 1;
      else if (text.includes('Authentication failed')) this.counts.lookedAt += 1;
      else if (text.includes('Rate limit exceeded')) this.counts.refused += 1;
      else return;
      socket.destroy();
    });
    socket.write(this.#bytes);
  }

  stop() {
    clearInterval(this.#timer);
    for (const socket of this.#open) socket.destroy();
  }
}
