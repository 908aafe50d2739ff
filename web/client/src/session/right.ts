// SPDX-License-Identifier: Apache-2.0
// The right to one session, as a tab holds it. sessionStorage keeps it for this tab only: two tabs
// of one browser are two people, and a reload stays who it was.
import type { Role, RoomRef } from '../protocol/events.ts';
import { fieldsOf, returnPassOf, roleOf, textOf } from '../protocol/parse.ts';

export interface Right extends RoomRef {
  /** Empty when the right is a log-in's: then each connection takes a ticket. */
  readonly token: string;
  /** Public name of the log-in; the cookie that it names is out of reach of any script. */
  readonly logIn?: string;
  /** Milliseconds since the epoch; 0 when the token does not say. */
  readonly expiresAt: number;
  readonly receivedAt: number;
  readonly user: { readonly id: string; readonly name: string; readonly role: Role };
  /** Milliseconds since the epoch and minutes, 0 when unknown. */
  readonly start: number;
  readonly minutes: number;
  /** Of our last connection; kept for the next one. */
  readonly returnPass?: string;
}

const STORED_AS = 'stillroom.right';
const TOKEN_CHARS_MAX = 8192;
const CODE_CHARS_MAX = 128;

export type Fragment =
  | { readonly kind: 'none' }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'token'; readonly token: string; readonly ref: RoomRef };

/** A fragment never reaches a server, so it is where a link carries its secret. */
export function readFragment(hash: string): Fragment {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const code = fields.get('code');
  if (code && code.length <= CODE_CHARS_MAX) return { kind: 'code', code };
  const token = fields.get('token');
  const roomId = fields.get('room');
  const sessionId = fields.get('session');
  if (!token || token.length > TOKEN_CHARS_MAX || !roomId || !sessionId) return { kind: 'none' };
  return { kind: 'token', token, ref: { roomId, sessionId } };
}

/** Servers say when in RFC 3339 or in seconds since the epoch. */
export function timeOf(raw: unknown): number {
  if (typeof raw === 'number' && Number.isFinite(raw)) return raw < 1e12 ? raw * 1000 : raw;
  const parsed = Date.parse(textOf(raw) ?? '');
  return Number.isFinite(parsed) ? parsed : 0;
}

function numberOf(raw: unknown): number {
  return typeof raw === 'number' && Number.isFinite(raw) ? raw : 0;
}

export function readRight(raw: unknown, now: number): Right | undefined {
  const fields = fieldsOf(raw);
  const session = fieldsOf(fields?.['session']);
  const user = fieldsOf(fields?.['user']);
  const token = textOf(fields?.['token'], TOKEN_CHARS_MAX) ?? '';
  const logIn = textOf(fields?.['logIn']);
  const roomId = textOf(session?.['roomId']);
  const sessionId = textOf(session?.['sessionId']);
  if (!fields || !(token || logIn) || !roomId || !sessionId) return undefined;
  const returnPass = returnPassOf(fields);
  return {
    token,
    ...(logIn ? { logIn } : {}),
    roomId,
    sessionId,
    expiresAt: timeOf(fields['expiresAt']),
    receivedAt: now,
    user: {
      id: textOf(user?.['id']) ?? '',
      name: textOf(user?.['name']) ?? '',
      role: roleOf(user?.['role']),
    },
    start: timeOf(session?.['start']),
    minutes: numberOf(session?.['minutes']),
    ...(returnPass ? { returnPass } : {}),
  };
}

/**
 * Claims of a token that an integrator put into the link. Unverified, and only for what the page
 * shows: the server verifies the token and decides.
 */
export function rightOfToken(token: string, ref: RoomRef, now: number): Right {
  const claims = claimsOf(token);
  const user = fieldsOf(claims?.['user']);
  return {
    token,
    ...ref,
    expiresAt: timeOf(claims?.['exp']),
    receivedAt: now,
    user: {
      id: textOf(user?.['id']) ?? textOf(claims?.['sub']) ?? '',
      name: textOf(user?.['name']) ?? textOf(claims?.['name']) ?? '',
      role: roleOf(user?.['role'] ?? claims?.['role']),
    },
    start: 0,
    minutes: 0,
  };
}

function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const part = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(part), (letter) => letter.charCodeAt(0));
    return fieldsOf(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

export function keepRight(storage: Storage, right: Right): void {
  try {
    storage.setItem(STORED_AS, JSON.stringify(right));
  } catch {
    // Storage may be full or forbidden; then a reload asks for a new link, and nothing else.
  }
}

export function keptRight(storage: Storage): Right | undefined {
  try {
    const stored = fieldsOf(JSON.parse(storage.getItem(STORED_AS) ?? 'null'));
    const { roomId, sessionId, receivedAt } = stored ?? {};
    return readRight({ ...stored, session: { ...stored, roomId, sessionId } }, Number(receivedAt));
  } catch {
    return undefined;
  }
}

export function dropRight(storage: Storage): void {
  try {
    storage.removeItem(STORED_AS);
  } catch {
    // Nothing was kept then.
  }
}
