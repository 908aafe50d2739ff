// SPDX-License-Identifier: Apache-2.0
// A stock socket.io-client that follows the contract, with a journal of what it was told.
import assert from 'node:assert/strict';
import { io } from 'socket.io-client';
import { within } from './waiting.mjs';

const kWaitMsMax = 8_000;

const open = new Set();
/** For the end of a file: a client that a failed test left behind would keep it from ending. */
export function closeAll() {
  for (const client of open) client.close();
}

export class Client {
  /** Everything that arrived and was not taken yet: `[name, ...args]`, oldest first. */
  journal = [];
  #wake = () => {};

  /** `options` are the stock client's. */
  constructor(url, options = {}) {
    this.socket = io(url, { forceNew: true, reconnection: false, autoConnect: false, ...options });
    open.add(this);
    this.socket.onAny((...event) => {
      this.journal.push(event);
      this.#wake();
    });
    this.socket.on('disconnect', (reason) => {
      this.disconnected = reason;
      this.#wake();
    });
  }

  /** Connects, or throws what `connect_error` said. */
  async connect() {
    const outcome = new Promise((resolve, reject) => {
      this.socket.once('connect', resolve);
      this.socket.once('connect_error', reject);
    });
    this.socket.connect();
    await within(kWaitMsMax, 'connect', outcome);
    const [name, hello] = await this.next();
    assert.equal(name, 'server:hello');
    this.hello = hello;
    return this;
  }

  /** The error of a connection that must not come about. */
  async refused() {
    const outcome = new Promise((resolve, reject) => {
      this.socket.once('connect', () => reject(new Error('connected')));
      this.socket.once('connect_error', resolve);
    });
    this.socket.connect();
    try {
      return await within(kWaitMsMax, 'connect_error', outcome);
    } finally {
      this.close();
    }
  }

  get id() {
    return this.socket.id;
  }
  get transport() {
    return this.socket.io.engine.transport.name;
  }

  async #until(what, probe) {
    const found = new Promise((resolve) => {
      this.#wake = () => {
        const seen = probe();
        if (!seen) return;
        // At once: the next event may come before whoever waits goes on.
        this.#wake = () => {};
        resolve(seen);
      };
      this.#wake();
    });
    try {
      return await within(kWaitMsMax, `${what}; journal: ${JSON.stringify(this.journal)}`, found);
    } finally {
      this.#wake = () => {};
    }
  }

  /** The oldest event that was not taken yet, or the first to come. */
  next() {
    return this.#until('an event', () => this.journal.shift());
  }

  /** The next event must have this name; its first argument. */
  async expect(name) {
    const [got, ...args] = await this.next();
    assert.equal(got, name, `expected ${name}, got ${got} ${JSON.stringify(args)}`);
    return args[0];
  }

  /** All events up to and with the first of this name; what stands between is the caller's. */
  async through(name) {
    const events = [];
    do events.push(await this.next());
    while (events.at(-1)[0] !== name);
    return events;
  }

  dropped() {
    return this.#until('disconnect', () => this.disconnected);
  }

  /** The ack of an event. */
  ask(event, payload) {
    return within(kWaitMsMax, `ack of ${event}`, this.socket.emitWithAck(event, payload));
  }
  tell(event, payload) {
    this.socket.emit(event, payload);
  }

  /** Nothing more was said to this client before the ack of a question that changes nothing. */
  async quiet() {
    await this.ask('leave-room', { roomId: 'room-of-nobody' });
    const others = this.journal.filter(([name]) => name !== 'call-error');
    this.journal = [];
    assert.deepEqual(others, []);
  }

  close() {
    open.delete(this);
    this.socket.disconnect();
  }

  /** The transport is gone and nothing was said; the stock client's engine is left as it is. */
  vanish() {
    this.socket.io.engine.transport.ws?.terminate?.();
    this.socket.io.engine.close();
  }
}

/** Connects somebody and sits them down; the events up to `join-success` stay taken. */
export async function seat(url, person, { roomId, sessionId }, options = {}) {
  const client = await new Client(url, { auth: { token: person.token }, ...options }).connect();
  client.person = person;
  client.joinAck = await client.ask('join-room', { roomId, sessionId });
  assert.equal(client.joinAck.ok, true, JSON.stringify(client.joinAck));
  await client.through('join-success');
  return client;
}

/** Both people of a session, seated, nothing left to read. */
export async function pair(server, scene, options = {}) {
  const therapist = await seat(server.url, scene.therapist, scene, options);
  const client = await seat(server.url, scene.client, scene, options);
  await therapist.through('user-joined');
  return { therapist, client };
}
