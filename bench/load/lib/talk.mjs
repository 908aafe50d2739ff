// SPDX-License-Identifier: Apache-2.0
// One WebSocket whose packets are said and heard one by one.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { FrameReader, frame } from './websocket.mjs';

const kHeardMsMax = 10_000;
const kEnd = '\r\n\r\n';

export function upgradeRequest(port) {
  return [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    '\r\n',
  ].join('\r\n');
}

export class Talk {
  #socket;
  #frames = new FrameReader();
  #waiting = [];

  /** Up to the Engine.IO open packet. */
  static async open(port) {
    const talk = new Talk();
    talk.#socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    talk.#socket.setNoDelay(true);
    await once(talk.#socket, 'secureConnect');
    const opened = talk.hears('0{');
    let head = '';
    talk.#socket.on('data', (bytes) => {
      if (head.endsWith(kEnd)) return talk.#read(bytes);
      const text = bytes.toString('latin1');
      const end = text.indexOf(kEnd) + kEnd.length;
      head = text.slice(0, end);
      return talk.#read(bytes.subarray(end));
    });
    talk.#socket.write(upgradeRequest(port));
    await opened;
    return talk;
  }

  say(text) {
    this.#socket.write(frame(text));
  }

  /** The next packet that starts like this; others are passed over. */
  hears(start) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`heard no ${start}`)), kHeardMsMax);
      this.#waiting.push({
        start,
        resolve: (text) => {
          clearTimeout(late);
          resolve(text);
        },
      });
    });
  }

  close() {
    this.#socket.destroy();
  }

  #read(bytes) {
    this.#frames.push(bytes, (_, payload) => {
      const text = payload.toString();
      const at = this.#waiting.findIndex(({ start }) => text.startsWith(start));
      if (at >= 0) this.#waiting.splice(at, 1)[0].resolve(text);
    });
  }
}
