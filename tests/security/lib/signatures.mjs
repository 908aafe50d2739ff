// SPDX-License-Identifier: Apache-2.0
// Signatures that are none, and keys taken for what they are not.
import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { encode, kAlgorithms, payloadOf, Signer } from './keys.mjs';

const kP256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const kP256Prime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const kEd25519Order = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn;

const big = (value, size = 32) => Buffer.from(value.toString(16).padStart(2 * size, '0'), 'hex');
const little = (value, size = 32) => big(value, size).reverse();
const number = (bytes) => BigInt(`0x${bytes.toString('hex')}`);
const rule = 'the signature is that of the key for exactly this text';

const xored = (bytes, at, mask) => {
  const out = Buffer.from(bytes);
  out[at] ^= mask;
  return out;
};

/** Defects that any signature can have. */
function* anySignature(signer, alg, text) {
  const good = signer.signature(alg, text);
  const { length } = good;
  yield ['no byte', Buffer.alloc(0)];
  for (const [name, byte] of [
    ['zeros', 0],
    ['ones', 1],
    ['0xff', 255],
  ]) {
    for (const size of [1, 32, 63, 64, 65, 255, 256, 257, 512]) {
      yield [`${size} bytes of ${name}`, Buffer.alloc(size, byte)];
    }
    yield [`all bytes ${name}`, Buffer.alloc(length, byte)];
  }
  for (const cut of [1, 2, 8, length / 2, length - 1]) {
    yield [`${cut} bytes cut at the end`, good.subarray(0, length - cut)];
    yield [`${cut} bytes cut at the front`, good.subarray(cut)];
  }
  for (const more of [1, 2, 32, 256]) {
    yield [`${more} zero bytes behind`, Buffer.concat([good, Buffer.alloc(more)])];
    yield [`${more} zero bytes in front`, Buffer.concat([Buffer.alloc(more), good])];
  }
  yield ['twice', Buffer.concat([good, good])];
  yield ['backwards', Buffer.from(good).reverse()];
  yield ['inverted', Buffer.from(good.map((byte) => byte ^ 0xff))];
  yield ['as base64url text', Buffer.from(encode(good))];
  yield ['as hex text', Buffer.from(good.toString('hex'))];
  for (let bit = 0; bit < 8; bit += 1) {
    yield [`bit ${bit} of the first byte`, xored(good, 0, 1 << bit)];
    yield [`bit ${bit} of the last byte`, xored(good, length - 1, 1 << bit)];
    yield [`bit ${bit} of the middle byte`, xored(good, length >> 1, 1 << bit)];
  }
  yield ['of another text', signer.signature(alg, `${text}.`)];
  yield ['of the payload only', signer.signature(alg, text.split('.')[1])];
  yield ['of the header only', signer.signature(alg, text.split('.')[0])];
  yield ['of the decoded text', signer.signature(alg, signer.header(alg) + payloadOf())];
  yield ['of the text without its dot', signer.signature(alg, text.replace('.', ''))];
  yield ['of nothing', signer.signature(alg, '')];
  yield ['the digest alone', createHash('sha256').update(text).digest()];
  yield ['the text itself', Buffer.from(text)];
}

function* hmac(signer, text) {
  const tag = (key, digest = 'sha256') => createHmac(digest, key).update(text).digest();
  const { secret } = signer;
  for (const [name, key] of Object.entries({
    'no key': '',
    'the word secret': 'secret',
    'zeros for a key': Buffer.alloc(32),
    'the secret in upper case': secret.toUpperCase(),
    'the secret without its last character': secret.slice(0, -1),
    'the secret and a newline': `${secret}\n`,
    'the secret, decoded': Buffer.from(secret, 'base64url'),
    'the secret, encoded': encode(secret),
    'its digest': createHash('sha256').update(secret).digest(),
    'the issuer for a key': 'https://issuer.example',
  })) {
    yield [`with ${name}`, tag(key)];
  }
  for (const digest of ['sha1', 'sha224', 'sha384', 'sha512', 'md5', 'sha3-256']) {
    yield [`with ${digest}`, tag(secret, digest)];
  }
  for (const size of [1, 8, 16, 31]) yield [`${size} bytes of it`, tag(secret).subarray(0, size)];
}

function* rsa(signer, alg, text) {
  const modulus = number(Buffer.from(signer.jwk(alg).n, 'base64url'));
  const good = number(signer.signature(alg, text));
  yield ['s + n', big(good + modulus, 257)];
  yield ['n − s', big(modulus - good, 256)];
  yield ['n', big(modulus, 256)];
  yield ['n − 1', big(modulus - 1n, 256)];
  yield ['n + 1', big(modulus + 1n, 257)];
  // What a verifier would take that took e = 1: the padded digest itself (RFC 8017 §9.2).
  const info = Buffer.from('3031300d060960864801650304020105000420', 'hex');
  const digest = createHash('sha256').update(text).digest();
  const pad = (size) =>
    Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(size, 255), Buffer.from([0])]);
  yield ['e = 1: the padded digest', Buffer.concat([pad(202), info, digest])];
  // Bleichenbacher 2006: a cube root would do if bytes behind a short padding were let pass.
  const early = Buffer.concat([pad(8), info, digest, Buffer.alloc(194)]);
  yield ['short padding, garbage behind', early];
  yield ['no padding', Buffer.concat([Buffer.alloc(205), info, digest])];
  const other = alg === 'RS256' ? 'PS256' : 'RS256';
  const bent = (options) => signer.signature(alg, text, options);
  if (alg === 'PS256') {
    yield ['PKCS1 padding', bent({ key: { padding: 1, saltLength: undefined } })];
    for (const saltLength of [0, 20, 31, 33, 64])
      yield [`a salt of ${saltLength}`, bent({ key: { saltLength } })];
    yield ['SHA-512', bent({ digest: 'sha512' })];
    yield ['SHA-1', bent({ digest: 'sha1' })];
  } else {
    yield ['PSS padding', bent({ key: { padding: 6, saltLength: 32 } })];
    for (const name of ['sha1', 'sha384', 'sha512', 'md5']) yield [name, bent({ digest: name })];
  }
  yield [`of the ${other} key`, signer.signature(other, text)];
}

function* ecdsa(signer, text) {
  const good = signer.signature('ES256', text);
  const [r, s] = [good.subarray(0, 32), good.subarray(32)];
  const pair = (a, b) => Buffer.concat([a, b]);
  const values = {
    0: 0n,
    1: 1n,
    2: 2n,
    'n − 1': kP256Order - 1n,
    n: kP256Order,
    'n + 1': kP256Order + 1n,
    p: kP256Prime,
    '2²⁵⁶ − 1': (1n << 256n) - 1n,
  };
  for (const [rName, rValue] of Object.entries(values)) {
    yield [`r = ${rName}`, pair(big(rValue), s)];
    yield [`s = ${rName}`, pair(r, big(rValue))];
    for (const [sName, sValue] of Object.entries(values)) {
      yield [`r = ${rName}, s = ${sName}`, pair(big(rValue), big(sValue))];
    }
  }
  yield ['r and s exchanged', pair(s, r)];
  yield ['r twice', pair(r, r)];
  yield ['s twice', pair(s, s)];
  yield ['little-endian', pair(Buffer.from(r).reverse(), Buffer.from(s).reverse())];
  yield ['s + n, 33 bytes', pair(r, big(number(s) + kP256Order, 33))];
  yield ['r + n, 33 bytes', pair(big(number(r) + kP256Order, 33), s)];
  yield ['a zero byte in front of each', pair(big(number(r), 33), big(number(s), 33))];
  yield ['the highest bit of r', xored(good, 0, 0x80)];
  yield ['the highest bit of s', xored(good, 32, 0x80)];
  const key = { key: signer.pairs.ES256.privateKey };
  yield ['DER', sign('sha256', Buffer.from(text), { ...key, dsaEncoding: 'der' })];
  for (const name of ['sha1', 'sha384', 'sha512']) {
    yield [name, signer.signature('ES256', text, { digest: name })];
  }
  for (const namedCurve of ['P-384', 'P-521', 'secp256k1']) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve });
    yield [
      `of a ${namedCurve} key`,
      sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }),
    ];
  }
}

function* eddsa(signer, text) {
  const good = signer.signature('EdDSA', text);
  const point = good.subarray(0, 32);
  const scalar = number(Buffer.from(good.subarray(32)).reverse());
  // RFC 8032 §5.1.7: S has to be below L; the first signatures of others are not unique otherwise.
  for (const times of [1n, 2n, 4n, 7n, 8n, 15n]) {
    const value = scalar + times * kEd25519Order;
    if (value < 1n << 256n) yield [`S + ${times}L`, Buffer.concat([point, little(value)])];
  }
  yield ['L − S', Buffer.concat([point, little(kEd25519Order - scalar)])];
  for (const [name, value] of [
    ['0', 0n],
    ['1', 1n],
    ['L', kEd25519Order],
    ['L − 1', kEd25519Order - 1n],
  ]) {
    yield [`S = ${name}`, Buffer.concat([point, little(value)])];
  }
  const small = ['01', '00', `${'ec'.padEnd(62, 'f')}7f`, `${'ee'.padEnd(62, 'f')}7f`];
  for (const hex of small) {
    const bytes = Buffer.from(hex.padEnd(64, '0'), 'hex');
    yield [`R of small order ${hex.slice(0, 4)}`, Buffer.concat([bytes, good.subarray(32)])];
    yield [`R of small order ${hex.slice(0, 4)}, S = 0`, Buffer.concat([bytes, Buffer.alloc(32)])];
  }
  yield ['the sign bit of R', xored(good, 31, 0x80)];
  yield ['the highest bit of S', xored(good, 63, 0x80)];
  yield ['R and S exchanged', Buffer.concat([good.subarray(32), point])];
  const digest = createHash('sha512').update(text).digest();
  yield ['of the digest (Ed25519ph in spirit)', signer.signature('EdDSA', digest)];
  const ed448 = generateKeyPairSync('ed448').privateKey;
  yield ['of an Ed448 key', sign(null, Buffer.from(text), ed448)];
}

const kOwn = {
  HS256: (signer, text) => hmac(signer, text),
  RS256: (signer, text) => rsa(signer, 'RS256', text),
  PS256: (signer, text) => rsa(signer, 'PS256', text),
  ES256: (signer, text) => ecdsa(signer, text),
  EdDSA: (signer, text) => eddsa(signer, text),
};

/** Every wrong signature under a right header and payload. */
export function* signatureDefects(signer, alg) {
  const text = `${encode(signer.header(alg))}.${encode(payloadOf())}`;
  for (const defects of [anySignature(signer, alg, text), kOwn[alg](signer, text)]) {
    for (const [what, bytes] of defects) {
      yield { what: `signature: ${what}`, token: `${text}.${encode(bytes)}`, step: 'jws', rule };
    }
  }
  const stranger = new Signer();
  yield { what: 'signature: of a stranger', token: stranger.token(alg), step: 'jws', rule };
  const jwk = alg === 'HS256' ? { kty: 'oct', k: encode(stranger.secret) } : stranger.jwk(alg);
  const carried = stranger.token(alg, stranger.header(alg, { jwk }));
  yield { what: 'signature: of a stranger who brings his key', token: carried, step: 'jws', rule };
}

/** What a forger without any key would try as an HMAC secret: all that is public. */
function publicTexts(signer, alg) {
  const key = signer.pairs[alg].publicKey;
  const jwk = key.export({ format: 'jwk' });
  const pem = key.export({ format: 'pem', type: 'spki' });
  const der = key.export({ format: 'der', type: 'spki' });
  const out = {
    PEM: pem,
    'PEM without its last newline': pem.trimEnd(),
    'PEM with Windows newlines': pem.replaceAll('\n', '\r\n'),
    'PEM in one line': pem.replaceAll('\n', ''),
    'PEM body': pem.split('\n').slice(1, -2).join(''),
    DER: der,
    'DER in base64': der.toString('base64'),
    'DER in base64url': encode(der),
    'DER in hex': der.toString('hex'),
    'JWK as JSON': JSON.stringify(jwk),
    'JWK of the set': JSON.stringify(signer.jwk(alg)),
    'the whole set': JSON.stringify(signer.jwks()),
    'its kid': signer.kid(alg),
    'the digest of DER': createHash('sha256').update(der).digest(),
  };
  for (const name of ['n', 'e', 'x', 'y']) {
    if (!(name in jwk)) continue;
    out[`member ${name}`] = jwk[name];
    out[`member ${name}, decoded`] = Buffer.from(jwk[name], 'base64url');
  }
  return out;
}

/** Keys taken for those of another algorithm. */
export function* confusions(signer, alg) {
  const said = 'the algorithm belongs to the key, never to the token';
  const payload = encode(payloadOf());
  const made = (what, token) => ({ what: `confusion: ${what}`, token, step: 'jws', rule: said });
  if (alg !== 'HS256') {
    for (const [name, secret] of Object.entries(publicTexts(signer, alg))) {
      for (const [which, kid] of [
        ['its kid', signer.kid(alg)],
        ['no kid', undefined],
      ]) {
        const text = `${encode(signer.header('HS256', { kid }))}.${payload}`;
        const tag = createHmac('sha256', secret).update(text).digest('base64url');
        yield made(`public key as secret, ${name}, ${which}`, `${text}.${tag}`);
      }
    }
  }
  // A right signature of one algorithm under the name, and under the kid, of every other.
  for (const other of [...kAlgorithms, 'none', 'ES384', 'RS512']) {
    if (other === alg) continue;
    for (const kid of [
      signer.kid(alg),
      kAlgorithms.includes(other) ? signer.kid(other) : 'x',
      undefined,
    ]) {
      const header = encode(signer.header(alg, { alg: other, kid }));
      yield made(
        `${other} said, signed by ${alg}, kid ${kid}`,
        signer.signSegments(alg, header, payload),
      );
    }
  }
  const none = ['none', 'None', 'NONE', 'nOne', 'noNe', 'nonE', 'NoNe', 'nONE', 'NOne'];
  for (const name of none) {
    const header = encode(signer.header(alg, { alg: name }));
    const bare = `${header}.${payload}`;
    yield made(`${name}, no signature`, `${bare}.`);
    yield made(`${name}, no dot`, bare);
    yield made(`${name}, one byte`, `${bare}.AA`);
    yield made(`${name}, a signature all the same`, signer.signSegments(alg, header, payload));
  }
  // Our own tokens have rules of their own: an outside key never opens that door.
  const own = { iss: 'stillroom', aud: 'stillroom', auth_time: 1 };
  for (const kid of ['stillroom', signer.kid(alg)]) {
    const header = signer.header(alg, { kid, typ: 'at+jwt' });
    const step = kid === 'stillroom' ? 'jws' : 'claims';
    if (kid === undefined && alg === 'HS256') continue;
    yield {
      ...made(`a token of ours, kid ${kid}`, signer.token(alg, header, payloadOf(own))),
      step,
    };
  }
}
