// SPDX-License-Identifier: Apache-2.0
// Tokens made by hand: right ones, and every wrong one a stranger would try.
import { createHmac } from 'node:crypto';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function sign(secret, claims, header = { alg: 'HS256', typ: 'JWT' }) {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds;

export function claimsOf({ id, role }, more = {}) {
  return { user: { id, role }, iat: inSeconds(0), exp: inSeconds(600), ...more };
}

/** name -> [token, message, code] for somebody who exists. */
export function wrongTokens(secret, person) {
  const good = claimsOf(person);
  const [header, payload, signature] = sign(secret, good).split('.');
  const flipped = (signature[0] === 'A' ? 'B' : 'A') + signature.slice(1);
  const failed = 'Authentication failed';
  return {
    'no token at all': [undefined, 'Authentication token required', 'token_missing'],
    'an empty token': ['', 'Authentication token required', 'token_missing'],
    'signed with another secret': [sign('x'.repeat(43), good), failed, 'token_invalid'],
    'a changed signature': [`${header}.${payload}.${flipped}`, failed, 'token_invalid'],
    'changed claims': [
      `${header}.${encode({ ...good, user: { id: person.id, role: 'admin' } })}.${signature}`,
      failed,
      'token_invalid',
    ],
    'alg none, no signature': [`${encode({ alg: 'none' })}.${payload}.`, failed, 'token_invalid'],
    'alg none, signature kept': [
      `${encode({ alg: 'none' })}.${payload}.${signature}`,
      failed,
      'token_invalid',
    ],
    'alg RS256 on a shared secret': [sign(secret, good, { alg: 'RS256' }), failed, 'token_invalid'],
    'a key of its own (jwk)': [
      sign(secret, good, { alg: 'HS256', jwk: { kty: 'oct', k: 'eA' } }),
      failed,
      'token_invalid',
    ],
    'no expiry': [sign(secret, { user: good.user }), failed, 'token_invalid'],
    'not yet valid': [sign(secret, { ...good, nbf: inSeconds(600) }), failed, 'token_invalid'],
    'not a token': ['hello', failed, 'token_invalid'],
    'five kilobytes': ['a'.repeat(5000), failed, 'token_invalid'],
    expired: [
      sign(secret, { ...good, iat: inSeconds(-700), exp: inSeconds(-60) }),
      failed,
      'token_expired',
    ],
    'an unknown user': [
      sign(secret, claimsOf({ id: 'nobody-of-ours', role: person.role })),
      'User not found',
      'user_unknown',
    ],
    'another role than the database says': [
      sign(secret, claimsOf({ id: person.id, role: 'psychologist' })),
      failed,
      'user_inactive',
    ],
  };
}
