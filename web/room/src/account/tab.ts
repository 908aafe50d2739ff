// SPDX-License-Identifier: Apache-2.0
// What this tab keeps of a log-in: its public name and whose it is. The secret is a cookie that no
// script can read. sessionStorage, so that two tabs may be two people.
import { fieldsOf, type Right, type Role, roleOf, textOf } from '@stillroom/client';
import type { Fields } from './api.ts';
import type { Session } from './schedule.ts';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

export interface LogIn {
  readonly name: string;
  readonly user: User;
  /** The log-in ends after this time without a request. */
  readonly idleMs: number;
}

const STORED_AS = 'stillroom.log-in';
const INVITE_STORED_AS = 'stillroom.invite';
const INVITE_CHARS_MAX = 128;
const IDLE_MS_DEFAULT = 15 * 60_000;

export function userOf(raw: unknown): User | undefined {
  const fields = fieldsOf(raw);
  const id = textOf(fields?.['id']);
  if (!id) return undefined;
  return { id, name: textOf(fields?.['name']) ?? id, role: roleOf(fields?.['role']) };
}

/** The answer of `/api/auth/login`. */
export function logInOf(body: Fields, now: number): LogIn | undefined {
  const name = textOf(body['logIn']);
  const user = userOf(body['user']);
  const idle = Date.parse(textOf(body['idleUntil']) ?? '') - now;
  if (!name || !user) return undefined;
  return { name, user, idleMs: idle > 0 ? idle : IDLE_MS_DEFAULT };
}

function put(storage: Storage, key: string, value: string): void {
  try {
    storage.setItem(key, value);
  } catch {
    // Storage may be full or forbidden; then a reload has to log in again, and nothing else.
  }
}

function get(storage: Storage, key: string): string | null {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

export function keepLogIn(storage: Storage, logIn: LogIn): void {
  put(storage, STORED_AS, JSON.stringify(logIn));
}

export function keptLogIn(storage: Storage): LogIn | undefined {
  try {
    const fields = fieldsOf(JSON.parse(get(storage, STORED_AS) ?? 'null'));
    const name = textOf(fields?.['name']);
    const user = userOf(fields?.['user']);
    const idleMs = Number(fields?.['idleMs']);
    return name && user && idleMs > 0 ? { name, user, idleMs } : undefined;
  } catch {
    return undefined;
  }
}

function drop(storage: Storage, key: string): void {
  try {
    storage.removeItem(key);
  } catch {
    // Nothing was kept then.
  }
}

export const dropLogIn = (storage: Storage): void => drop(storage, STORED_AS);
export const dropInvite = (storage: Storage): void => drop(storage, INVITE_STORED_AS);

/**
 * The code of the link that the page was opened with, else the one that this tab kept: on a phone
 * the way to the authenticator and back may be a reload.
 */
export function inviteOf(storage: Storage, hash: string): string | undefined {
  const given = new URLSearchParams(hash.replace(/^#/, '')).get('invite');
  if (given && given.length <= INVITE_CHARS_MAX) put(storage, INVITE_STORED_AS, given);
  return get(storage, INVITE_STORED_AS) ?? undefined;
}

/** The right with which the room page goes into a session by this log-in. */
export function rightOf(logIn: LogIn, session: Session, roomId: string, now: number): Right {
  return {
    token: '',
    logIn: logIn.name,
    roomId,
    sessionId: session.id,
    receivedAt: now,
    expiresAt: now + logIn.idleMs,
    user: logIn.user,
    start: session.start,
    minutes: session.minutes,
  };
}
