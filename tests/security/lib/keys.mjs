// SPDX-License-Identifier: Apache-2.0
// Keys of the five algorithms, and whoever signs with them: rightly, or as a forger who has got
// hold of the key and may write any header and payload he likes.
import { constants, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export const kIssuer = 'https://issuer.example';
export const kAudience = 'stillroom';
/** 2026-11-24T12:00:00Z. Both verifiers are told that it is now. */
export const kNow = 1_795_521_600;
export const kAlgorithms = ['HS256', 'RS256', 'PS256', 'ES256', 'EdDSA'];

const kOptions = {
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  ES256: { dsaEncoding: 'ieee-p1363' },
};

const pairs = () => ({
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
});

export const encode = (bytes) => Buffer.from(bytes).toString('base64url');

/** Somebody with one key for each algorithm. */
export class Signer {
  constructor() {
    this.secret = randomBytes(36).toString('base64url');
    this.pairs = pairs();
  }

  /** The name of the key in the issuer's set; a shared secret has none. */
  kid(alg) {
    return alg === 'HS256' ? undefined : `key-${alg}`;
  }

  /** Signature bytes of `alg` over any text; `options` may bend what the algorithm says. */
  signature(alg, text, options = {}) {
    if (alg === 'HS256') return createHmac('sha256', this.secret).update(text).digest();
    const key = { key: this.pairs[alg].privateKey, ...kOptions[alg], ...options.key };
    return sign(alg === 'EdDSA' ? null : (options.digest ?? 'sha256'), Buffer.from(text), key);
  }

  /** Signs two segments as they are. */
  signSegments(alg, header, payload) {
    const text = `${header}.${payload}`;
    return `${text}.${encode(this.signature(alg, Buffer.from(text, 'latin1')))}`;
  }

  /** Signs header and payload, each the text or bytes of what should be JSON. */
  token(alg, header = this.header(alg), payload = payloadOf()) {
    return this.signSegments(alg, encode(header), encode(payload));
  }

  /** The right header, with more members in front of, or instead of, its own. */
  header(alg, change = {}) {
    return JSON.stringify({ alg, typ: 'JWT', kid: this.kid(alg), ...change });
  }

  jwk(alg) {
    const key = this.pairs[alg].publicKey.export({ format: 'jwk' });
    return { ...key, kid: this.kid(alg), use: 'sig', alg };
  }
  jwks() {
    return { keys: kAlgorithms.slice(1).map((alg) => this.jwk(alg)) };
  }
}

export const kClaims = {
  user: { id: 'ada', role: 'client' },
  iss: kIssuer,
  aud: kAudience,
  iat: kNow,
  exp: kNow + 600,
};
export const payloadOf = (change = {}) => JSON.stringify({ ...kClaims, ...change });
