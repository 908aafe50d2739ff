// SPDX-License-Identifier: Apache-2.0
// The contract's rules as far as the peer keeps them: token, join window, shape of signalling.
import { createHmac, timingSafeEqual } from 'node:crypto';

const SDP_BYTES_MAX = 64 * 1024;
const OPENS_BEFORE_MS = 15 * 60_000;
const CLOSES_AFTER_MS = 120 * 60_000;

export function verify(token, secret, now) {
  const [head, body, mark, rest] = token.split('.');
  if (!mark || rest !== undefined) return { code: 'token_invalid' };
  const want = createHmac('sha256', secret).update(`${head}.${body}`).digest();
  const got = Buffer.from(mark, 'base64url');
  try {
    const header = JSON.parse(Buffer.from(head, 'base64url').toString('utf8'));
    // RFC 8725 §3.1: the algorithm is ours to name, never the token's.
    if (header.alg !== 'HS256' || got.length !== want.length || !timingSafeEqual(got, want)) {
      return { code: 'token_invalid' };
    }
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
    if (typeof claims.exp !== 'number') return { code: 'token_invalid' };
    if (claims.exp + 30 < now / 1000) return { code: 'token_expired' };
    const id = claims.user?.id ?? claims.sub;
    const role = claims.user?.role ?? claims.role;
    return { id, role };
  } catch {
    return { code: 'token_invalid' };
  }
}

export function mayJoin(user, session, roomId, now) {
  const mine = session && (session.therapist === user.id || session.clients.includes(user.id));
  if (!mine) return 'Unauthorized access to this session';
  const status = session.status ?? 'confirmed';
  if (status === 'cancelled' || status === 'declined') {
    return 'Cannot join cancelled or declined session';
  }
  if (status === 'completed' || status === 'no-show') return 'Session has ended';
  if ((session.payment ?? 'confirmed') === 'pending') {
    return 'Payment must be confirmed before joining';
  }
  if (session.roomId !== roomId) return 'Invalid room ID for session';
  const start = Date.parse(session.start);
  if (now < start - OPENS_BEFORE_MS) return 'Too early to join';
  if (now > start + CLOSES_AFTER_MS) return 'Session has ended';
  return '';
}

export const FIELD_ERRORS = {
  offer: 'Invalid offer format',
  answer: 'Invalid answer format',
  'ice-candidate': 'Invalid ICE candidate',
};

export function wellFormed(kind, body) {
  if (kind === 'ice-candidate') {
    const candidate = body.candidate;
    return candidate === null || candidate === '' || typeof candidate?.candidate === 'string';
  }
  const { type, sdp } = body[kind] ?? {};
  return (
    type === kind &&
    typeof sdp === 'string' &&
    sdp.length <= SDP_BYTES_MAX &&
    sdp.includes('a=fingerprint:sha-256 ') &&
    !sdp.includes('a=crypto')
  );
}
