// SPDX-License-Identifier: Apache-2.0
// The contract's refusal texts, turned into ids that a page can translate. The sentence is what
// every server sends, the code only ours does, so the sentence decides.

export const REFUSALS = [
  'not_found',
  'not_yours',
  'cancelled',
  'unpaid',
  'wrong_room',
  'join_failed',
  'too_early',
  'session_ended',
  'room_full',
  'room_locked',
  'entry_denied',
  'token_missing',
  'token_invalid',
  'token_expired',
  'user_unknown',
  'user_inactive',
  'rate_limited',
  'link_invalid',
  'unreachable',
  'unknown',
] as const;

export type Refusal = (typeof REFUSALS)[number];

const JOIN_ERRORS: Readonly<Record<string, Refusal>> = {
  'Session not found': 'not_found',
  'Unauthorized access to this session': 'not_yours',
  'Cannot join cancelled or declined session': 'cancelled',
  'Payment must be confirmed before joining': 'unpaid',
  'Invalid room ID for session': 'wrong_room',
  'Failed to join room': 'join_failed',
  'Too early to join': 'too_early',
  'Session has ended': 'session_ended',
  'Room is full': 'room_full',
  'Room is locked': 'room_locked',
  'Entry denied': 'entry_denied',
  'Rate limit exceeded': 'rate_limited',
};

const CONNECT_ERRORS: Readonly<Record<string, Refusal>> = {
  'Authentication token required': 'token_missing',
  'Authentication failed': 'token_invalid',
  'User not found': 'user_unknown',
  'Rate limit exceeded': 'rate_limited',
};

const CONNECT_CODES: readonly Refusal[] = ['token_expired', 'user_inactive'];

export function joinRefusal(error: string): Refusal {
  return (Object.hasOwn(JOIN_ERRORS, error) && JOIN_ERRORS[error]) || 'unknown';
}

/** The code only refines what the message already says; both come from the server. */
export function connectRefusal(message: string, code: string): Refusal {
  const refined = CONNECT_CODES.find((known) => known === code);
  return (
    refined ?? ((Object.hasOwn(CONNECT_ERRORS, message) && CONNECT_ERRORS[message]) || 'unknown')
  );
}

/** Worth asking again by itself: the cause lies with the server's moment, not with the person. */
export function isPassing(refusal: Refusal): boolean {
  return refusal === 'join_failed' || refusal === 'rate_limited' || refusal === 'unreachable';
}
