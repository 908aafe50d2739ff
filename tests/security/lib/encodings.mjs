// SPDX-License-Identifier: Apache-2.0
// Tokens whose text is not the one canonical text of three base64url segments (RFC 7515 §7.1).
import { encode, kNow, payloadOf } from './keys.mjs';

export const kCanonical = 'three segments of canonical base64url, 4,096 bytes at most';
const kAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Whether a segment is what encoding its bytes gives: no padding, no loose bits, no blanks. */
export const isCanonical = (segment) => encode(Buffer.from(segment, 'base64url')) === segment;

/** Other last characters that a lenient decoder reads as the same bytes. */
function loose(segment) {
  const bytes = Buffer.from(segment, 'base64url');
  return [...kAlphabet]
    .map((last) => segment.slice(0, -1) + last)
    .filter((text) => text !== segment && Buffer.from(text, 'base64url').equals(bytes));
}

const kOddBytes = {
  blank: ' ',
  tab: '\t',
  newline: '\n',
  'carriage return': '\r',
  'zero byte': '\0',
  'equals sign': '=',
  plus: '+',
  slash: '/',
  percent: '%',
  dot: '.',
  comma: ',',
  quote: '"',
  'delete character': '\x7f',
  'byte 0x80': '\x80',
  'byte 0xff': '\xff',
};

function* insertions(signer, alg, [header, payload, signature]) {
  for (const [name, odd] of Object.entries(kOddBytes)) {
    const places = {
      'in front of the header': [`${odd}${header}`, payload],
      'behind the header': [`${header}${odd}`, payload],
      'inside the header': [`${header.slice(0, 5)}${odd}${header.slice(5)}`, payload],
      'in front of the payload': [header, `${odd}${payload}`],
      'behind the payload': [header, `${payload}${odd}`],
      'inside the payload': [header, `${payload.slice(0, 9)}${odd}${payload.slice(9)}`],
    };
    // Signed as sent, so that only the alphabet can refuse it.
    for (const [where, segments] of Object.entries(places)) {
      yield [`a ${name} ${where}`, signer.signSegments(alg, ...segments)];
    }
    const front = `${header}.${payload}.`;
    yield [`a ${name} in front of the signature`, `${front}${odd}${signature}`];
    yield [`a ${name} behind the signature`, `${front}${signature}${odd}`];
    yield [
      `a ${name} inside the signature`,
      `${front}${signature.slice(0, 9)}${odd}${signature.slice(9)}`,
    ];
  }
}

function* paddings(signer, alg, [header, payload, signature]) {
  const standard = (text) => Buffer.from(text, 'base64url').toString('base64');
  for (const pad of ['=', '==', '===', '%3D']) {
    yield [`padding ${pad} on all`, signer.signSegments(alg, header + pad, payload + pad) + pad];
    yield [`padding ${pad} on the signature`, `${header}.${payload}.${signature}${pad}`];
  }
  const other = payloadOf({ x: '\u00ff\u00fe\u00fd???>>>~~~' });
  const segments = [standard(header), Buffer.from(other).toString('base64').replace(/=+$/, '')];
  yield ['the standard alphabet', signer.signSegments(alg, ...segments)];
  const hex = (text) => Buffer.from(text, 'base64url').toString('hex');
  yield ['hex', `${hex(header)}.${hex(payload)}.${hex(signature)}`];
  yield ['no encoding at all', signer.signSegments(alg, signer.header(alg), payloadOf())];
  yield ['encoded twice', signer.signSegments(alg, encode(header), encode(payload))];
}

function* looseBits(signer, alg, signature) {
  for (const blanks of [0, 1, 2]) {
    const header = encode(signer.header(alg) + ' '.repeat(blanks));
    const payload = encode(payloadOf() + ' '.repeat(blanks));
    for (const text of loose(header)) {
      yield [
        `loose bits ${text.slice(-1)}, header and ${blanks} blanks`,
        signer.signSegments(alg, text, payload),
      ];
    }
    for (const text of loose(payload)) {
      yield [
        `loose bits ${text.slice(-1)}, payload and ${blanks} blanks`,
        signer.signSegments(alg, header, text),
      ];
    }
  }
  const [header, payload] = [encode(signer.header(alg)), encode(payloadOf())];
  for (const text of loose(signature)) {
    yield [`loose bits ${text.slice(-1)} of the signature`, `${header}.${payload}.${text}`];
  }
}

function* shapes(signer, alg, [header, payload, signature]) {
  const whole = `${header}.${payload}.${signature}`;
  const flattened = { payload, protected: header, signature };
  const texts = {
    nothing: '',
    'one dot': '.',
    'two dots': '..',
    'the header only': header,
    'no signature and no dot': `${header}.${payload}`,
    'an empty signature': `${header}.${payload}.`,
    'an empty header': signer.signSegments(alg, '', payload),
    'an empty payload (detached, RFC 7515 appendix F)': `${header}..${signature}`,
    'payload first': `${payload}.${header}.${signature}`,
    'the signature first': `${signature}.${header}.${payload}`,
    'a dot behind it': `${whole}.`,
    'a dot in front of it': `.${whole}`,
    'a fourth segment': `${whole}.${signature}`,
    'a fourth segment in front': `${header}.${whole}`,
    'five segments, as JWE has them': `${whole}.${signature}.${signature}`,
    'a JWE of key agreement': `${encode('{"alg":"dir","enc":"A256GCM"}')}..${payload}.${payload}.${signature}`,
    'itself twice': whole + whole,
    'itself twice, with a dot': `${whole}.${whole}`,
    'with its scheme': `Bearer ${whole}`,
    'in quotes': `"${whole}"`,
    'flattened JSON (RFC 7515 §7.2.2)': JSON.stringify(flattened),
    'general JSON (RFC 7515 §7.2.1)': JSON.stringify({ payload, signatures: [flattened] }),
    'a comma list of two': `${whole},${whole}`,
    'in upper case': whole.toUpperCase(),
    'in lower case': whole.toLowerCase(),
    'URL-encoded dots': whole.replaceAll('.', '%2E'),
    'full-width dots': whole.replaceAll('.', '\uff0e'),
  };
  yield* Object.entries(texts);
  const filled = (size) => payloadOf({ x: 'y'.repeat(size) });
  for (const size of [3072, 4096, 65_536, 1 << 20]) {
    yield [`a claim of ${size} characters`, signer.token(alg, undefined, filled(size))];
  }
}

/** Every defect of encoding for `alg`. */
export function* encodingDefects(signer, alg) {
  const segments = signer.token(alg).split('.');
  for (const defects of [
    insertions(signer, alg, segments),
    paddings(signer, alg, segments),
    looseBits(signer, alg, segments[2]),
    shapes(signer, alg, segments),
  ]) {
    for (const [what, token] of defects) yield { what, token, step: 'jws', rule: kCanonical };
  }
  const rule = 'the payload is a JSON object';
  yield { what: 'a nested token', token: nested(signer, alg), step: 'claims', rule };
}

/** A token inside a token (RFC 7519 §5.2): well signed, and what it says is no claims. */
const nested = (signer, alg) => signer.token(alg, undefined, signer.token(alg));

/** Texts that look odd and are good: both verifiers have to take them. */
export function* oddButGood(signer, alg) {
  const token = (header, payload) => signer.token(alg, header, payload);
  yield ['the plain one', token()];
  yield ['no typ', token(signer.header(alg, { typ: undefined }))];
  yield ['typ at+jwt', token(signer.header(alg, { typ: 'at+jwt' }))];
  yield ['x5t', token(signer.header(alg, { x5t: 'AA', 'x5t#S256': 'AA' }))];
  yield ['blanks in the header', token(` ${signer.header(alg)}\n`)];
  yield ['an escaped header', token(signer.header(alg).replace('"alg"', '"\\u0061lg"'))];
  yield ['blanks in the payload', token(undefined, `\t${payloadOf()}\r\n`)];
  yield [
    'sub and role',
    token(undefined, payloadOf({ user: undefined, sub: 'ada', role: 'client' })),
  ];
  yield ['an audience list', token(undefined, payloadOf({ aud: ['other', 'stillroom'] }))];
  yield ['no iat', token(undefined, payloadOf({ iat: undefined }))];
  yield ['nbf within the skew', token(undefined, payloadOf({ nbf: kNow + 30 }))];
  yield ['exp within the skew', token(undefined, payloadOf({ iat: kNow - 600, exp: kNow - 29 }))];
  yield ['a life of a day', token(undefined, payloadOf({ exp: kNow + 86_400 }))];
  yield ['claims that nobody knows', token(undefined, payloadOf({ x: [1.5, null, { y: 'z' }] }))];
  yield ['text of the whole world', token(undefined, payloadOf({ name: 'Ада 🦊 \u0000' }))];
}
