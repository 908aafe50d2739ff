// SPDX-License-Identifier: Apache-2.0
// One TURN client on one UDP socket: asks, retransmits, and gives back code 0 or the error code.
import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

import {
  Attribute,
  decode,
  encode,
  Kind,
  longTermKey,
  Method,
  newTransaction,
  readXorAddress,
  u32,
  xorAddress,
} from './stun.mjs';

const RETRANSMIT_MS = 250;
const ATTEMPTS_MAX = 12;
const UDP = u32(17 << 24);

/** What Stillroom hands out: `expiry:name` and its HMAC-SHA1 under the shared secret. */
export function restCredentials(secret, name, expiresInSeconds) {
  const username = `${Math.floor(Date.now() / 1000) + expiresInSeconds}:${name}`;
  return { username, password: createHmac('sha1', secret).update(username).digest('base64') };
}

export class TurnClient {
  #server;
  #credentials;
  #socket;
  #waiting = new Map();
  #heard = [];
  #listeners = [];
  #realm;
  #nonce;
  #key;

  constructor(server, credentials) {
    this.#server = server;
    this.#credentials = credentials;
  }

  async open() {
    this.#socket = createSocket('udp4');
    this.#socket.on('message', (bytes) => this.#receive(bytes));
    this.#socket.on('error', () => {});
    this.#socket.bind(0);
    await once(this.#socket, 'listening');
    return this;
  }

  close() {
    this.#socket?.close();
  }

  #receive(bytes) {
    const message = decode(bytes);
    if (!message) return;
    if (message.method === Method.data) {
      const data = message.attributes.get(Attribute.data);
      const listener = this.#listeners.shift();
      if (listener) listener(data);
      else this.#heard.push(data);
      return;
    }
    const id = message.transaction.toString('hex');
    this.#waiting.get(id)?.(message);
    this.#waiting.delete(id);
  }

  /** RFC 8489 §6.2.1, with a constant interval: the server is next door. */
  #exchange(bytes, transaction) {
    const id = transaction.toString('hex');
    return new Promise((resolve, reject) => {
      let attempts = 0;
      const send = () => {
        if (attempts++ === ATTEMPTS_MAX) {
          clearInterval(timer);
          this.#waiting.delete(id);
          reject(new Error('the TURN server does not answer'));
          return;
        }
        this.#socket.send(bytes, this.#server.port, this.#server.address);
      };
      const timer = setInterval(send, RETRANSMIT_MS);
      this.#waiting.set(id, (message) => {
        clearInterval(timer);
        resolve(message);
      });
      send();
    });
  }

  async #ask(method, attributesOf) {
    const transaction = newTransaction();
    const attributes = attributesOf(transaction);
    if (this.#key) {
      attributes.push(
        [Attribute.username, Buffer.from(this.#credentials.username)],
        [Attribute.realm, this.#realm],
        [Attribute.nonce, this.#nonce],
      );
    }
    const bytes = encode({ method, kind: Kind.request, transaction, attributes, key: this.#key });
    return this.#exchange(bytes, transaction);
  }

  /** One question; answers 401 and 438 with credentials once (RFC 8489 §9.2.5). */
  async #request(method, attributesOf) {
    const first = await this.#ask(method, attributesOf);
    const challenged = (first.code === 401 && !this.#key) || first.code === 438;
    if (!challenged || !this.#credentials) return first;
    const { username, password } = this.#credentials;
    this.#realm = first.attributes.get(Attribute.realm);
    this.#nonce = first.attributes.get(Attribute.nonce);
    this.#key = longTermKey(username, this.#realm.toString(), password);
    return this.#ask(method, attributesOf);
  }

  async binding() {
    const answer = await this.#request(Method.binding, () => []);
    const mapped = answer.attributes.get(Attribute.mapped);
    return mapped ? readXorAddress(mapped, answer.transaction) : undefined;
  }

  /** `family` 4 or 6; the relayed address is in `relayed` when the code is 0. */
  async allocate(family = 4) {
    const answer = await this.#request(Method.allocate, () => [
      [Attribute.transport, UDP],
      ...(family === 6 ? [[Attribute.family, u32(2 << 24)]] : []),
    ]);
    const relayed = answer.attributes.get(Attribute.relayed);
    if (relayed) this.relayed = readXorAddress(relayed, answer.transaction);
    return answer.code;
  }

  async refresh(lifetime) {
    return (await this.#request(Method.refresh, () => [[Attribute.lifetime, u32(lifetime)]])).code;
  }

  async permit(...addresses) {
    const peers = (transaction) =>
      addresses.map((address) => [Attribute.peer, xorAddress(address, 40000, transaction)]);
    return (await this.#request(Method.createPermission, peers)).code;
  }

  async bindChannel(address, channel) {
    const attributes = (transaction) => [
      [Attribute.channel, u32(channel << 16)],
      [Attribute.peer, xorAddress(address, 40000, transaction)],
    ];
    return (await this.#request(Method.channelBind, attributes)).code;
  }

  /** A Send indication: no answer, so nothing to retransmit on. */
  send({ address, port }, text) {
    const transaction = newTransaction();
    const attributes = [
      [Attribute.peer, xorAddress(address, port, transaction)],
      [Attribute.data, Buffer.from(text)],
    ];
    const bytes = encode({ method: Method.send, kind: Kind.indication, transaction, attributes });
    this.#socket.send(bytes, this.#server.port, this.#server.address);
  }

  /** The next bytes that the relay brought. */
  async heard() {
    const data =
      this.#heard.shift() ?? (await new Promise((resolve) => this.#listeners.push(resolve)));
    return data.toString();
  }
}
