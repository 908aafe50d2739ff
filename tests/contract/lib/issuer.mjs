// SPDX-License-Identifier: Apache-2.0
// An issuer of tokens outside of Stillroom: an https server with a key set, which behaves as told.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A key and a certificate of its own for 127.0.0.1, in `folder`: who trusts `ca` trusts it. */
export function madeCertificate(folder, name = 'issuer') {
  const [key, ca] = [join(folder, `${name}-key`), join(folder, `${name}-ca`)];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const named = ['-subj', '/CN=issuer', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...named, '-keyout', key, '-out', ca], {
    stdio: 'pipe',
  });
  return { key, ca };
}

export class Issuer {
  questions = 0;
  #pairs = new Map();
  #answer;
  #server;
  #port = 0;

  constructor(certificate) {
    this.certificate = certificate;
    this.behave();
  }

  get url() {
    return `https://127.0.0.1:${this.#port}/jwks.json`;
  }

  async start() {
    const { key, ca } = this.certificate;
    this.#server = createServer(
      { key: readFileSync(key), cert: readFileSync(ca) },
      (ask, answer) => {
        this.questions += 1;
        this.#answer(answer, ask);
      },
    );
    this.#server.on('tlsClientError', () => {});
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = this.#server.address().port;
    return this;
  }

  async stop() {
    if (!this.#server?.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** From now on answers as `answer` does; without one, with its key set. */
  behave(answer = (response) => response.end(JSON.stringify({ keys: this.keys() }))) {
    this.#answer = answer;
  }

  /** Has these keys and no others from now on; those it had before stay the same. */
  rotate(...kids) {
    const had = this.#pairs;
    this.#pairs = new Map(
      kids.map((kid) => [kid, had.get(kid) ?? generateKeyPairSync('ec', { namedCurve: 'P-256' })]),
    );
  }
  keys() {
    return [...this.#pairs].map(([kid, { publicKey }]) => ({
      ...publicKey.export({ format: 'jwk' }),
      ...{ kid, use: 'sig', alg: 'ES256' },
    }));
  }

  token(kid, claims) {
    const text = `${encode({ alg: 'ES256', kid })}.${encode(claims)}`;
    const key = { key: this.#pairs.get(kid).privateKey, dsaEncoding: 'ieee-p1363' };
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  }
}
