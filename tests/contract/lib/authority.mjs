// SPDX-License-Identifier: Apache-2.0
// A certificate authority for a test, by openssl: certificates for 127.0.0.1, and what its
// responder says of them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kKinds = {
  ecdsa: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  rsa: ['-newkey', 'rsa:2048'],
};

function openssl(...args) {
  return execFileSync('openssl', args, { stdio: 'pipe' });
}

export class Authority {
  #serial = 0x1000;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'stillroom-authority-'));
    [this.key, this.certificate] = [this.#at('ca.key'), this.#at('ca.pem')];
    const files = ['-keyout', this.key, '-out', this.certificate];
    const name = ['-subj', '/CN=Throwaway authority', '-days', '30', '-nodes'];
    openssl('req', '-x509', ...kKinds.ecdsa, ...name, ...files);
  }
  #at(name) {
    return join(this.folder, name);
  }
  get ca() {
    return readFileSync(this.certificate);
  }
  close() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A server's certificate: its chain and key as text, and what tells it from others. */
  issue({ kind = 'ecdsa', days = 60 } = {}) {
    this.#serial += 1;
    const serial = this.#serial.toString(16).toUpperCase();
    const [key, request, leaf] = ['key', 'csr', 'pem'].map((end) => this.#at(`${serial}.${end}`));
    const extensions = this.#at('extensions');
    writeFileSync(
      extensions,
      'subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\n',
    );
    const name = ['-subj', '/CN=Throwaway server', '-nodes'];
    openssl('req', '-new', ...kKinds[kind], ...name, '-keyout', key, '-out', request);
    const signer = ['-CA', this.certificate, '-CAkey', this.key, '-set_serial', `0x${serial}`];
    const made = ['-days', `${days}`, '-extfile', extensions, '-in', request, '-out', leaf];
    openssl('x509', '-req', ...signer, ...made);
    const text = readFileSync(leaf, 'utf8');
    const chain = text + readFileSync(this.certificate, 'utf8');
    return { serial, leaf, chain, key: readFileSync(key, 'utf8') };
  }

  /** An OCSP response about one of them, for a day. */
  word({ leaf, serial }, status = 'V') {
    const [index, request, response] = ['index', 'request', 'response'].map((name) =>
      this.#at(`${serial}.${name}`),
    );
    const revoked = status === 'R' ? '260101000000Z' : '';
    const line = [status, '400101000000Z', revoked, serial, 'unknown', '/CN=Throwaway server'];
    writeFileSync(index, `${line.join('\t')}\n`);
    const about = ['-issuer', this.certificate, '-cert', leaf];
    openssl('ocsp', ...about, '-no_nonce', '-reqout', request);
    const signer = ['-CA', this.certificate, '-rsigner', this.certificate, '-rkey', this.key];
    const files = ['-index', index, '-reqin', request, '-respout', response];
    openssl('ocsp', ...signer, ...files, '-ndays', '1');
    return readFileSync(response);
  }
}
