// SPDX-License-Identifier: Apache-2.0
// One person of the load: TLS, WebSocket, Engine.IO and Socket.IO by hand, so that thousands fit into
// one process. Knows just enough to join a room, answer pings and hand relayed events on.
import { connect } from 'node:tls';
import { upgradeRequest } from './talk.mjs';
import { FrameReader, frame } from './websocket.mjs';

const kJoinMsMax = 60_000;
const kPong = frame('3');
const kOpcodeText = 1;
// Longer than any event's name together with what stands before it.
const kNameBytesMax = 24;

export class Member {
  /** Relayed events: `(name, payload) => void`, name such as `ice-candidate`. */
  onEvent = null;
  /** Called with a reason when a seated connection ends before `close()`. */
  onLost = null;
  id = '';
  pings = 0;
  #socket;
  #seat;
  #frames = null;
  #settle;
  #joined = false;
  #closing = false;

  /** Resolves once the member sits; `seat` is `{token, roomId, sessionId}`. */
  static join({ port, localAddress }, seat) {
    const member = new Member();
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => member.#fail(`no seat in ${kJoinMsMax} ms`), kJoinMsMax);
      member.#settle = (error) => {
        clearTimeout(late);
        member.#settle = null;
        if (error) reject(error);
        else resolve(member);
      };
      member.#open({ port, localAddress }, seat);
    });
  }

  /** A frame made by `frame()`. */
  write(bytes) {
    this.#socket.write(bytes);
  }

  close() {
    this.#closing = true;
    this.#socket.destroy();
  }

  #open({ port, localAddress }, seat) {
    this.#seat = seat;
    const socket = connect({
      host: '127.0.0.1',
      port,
      localAddress,
      minVersion: 'TLSv1.3',
      // The certificate was made for this run and is known to nobody.
      rejectUnauthorized: false,
    });
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('secureConnect', () => socket.write(upgradeRequest(port)));
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', (error) => this.#fail(error.message));
    socket.on('close', () => this.#fail('closed by the server'));
  }

  #fail(reason) {
    if (this.#closing) return;
    this.close();
    if (this.#joined) this.onLost?.(reason);
    else this.#settle?.(new Error(reason));
  }

  #read(bytes) {
    if (this.#frames) {
      this.#frames.push(bytes, (opcode, payload) => this.#take(opcode, payload));
      return;
    }
    const end = bytes.indexOf('\r\n\r\n');
    const status = bytes.toString('latin1', 0, 12);
    if (end < 0 || status !== 'HTTP/1.1 101') {
      this.#fail(`instead of 101: ${bytes.toString('latin1', 0, 200)}`);
      return;
    }
    this.#frames = new FrameReader();
    if (bytes.length > end + 4) this.#read(bytes.subarray(end + 4));
  }

  #take(opcode, payload) {
    if (opcode !== kOpcodeText) {
      this.#fail(`frame of opcode ${opcode}: ${payload.toString('latin1', 2)}`);
      return;
    }
    const start = payload.toString('latin1', 0, kNameBytesMax);
    if (start.startsWith('42["')) this.#event(start.slice(4, start.indexOf('"', 4)), payload);
    else if (start === '2') this.#ping();
    else if (start.startsWith('0')) this.#say(`40${JSON.stringify({ token: this.#seat.token })}`);
    else if (start.startsWith('40')) this.#connected(payload);
    else this.#fail(`unexpected packet: ${payload.toString('utf8', 0, 200)}`);
  }

  #event(name, payload) {
    if (name === 'join-success') {
      this.#joined = true;
      this.#seat = null;
      this.#settle?.();
    } else if (name.endsWith('-error')) {
      this.#fail(payload.toString('utf8', 0, 200));
    } else if (this.onEvent) {
      this.onEvent(name, payload);
    }
  }

  #ping() {
    this.pings += 1;
    this.#socket.write(kPong);
  }

  #connected(payload) {
    this.id = JSON.parse(payload.toString('utf8', 2)).sid;
    const { roomId, sessionId } = this.#seat;
    this.#say(`42${JSON.stringify(['join-room', { roomId, sessionId }])}`);
  }

  #say(text) {
    this.#socket.write(frame(text));
  }
}
