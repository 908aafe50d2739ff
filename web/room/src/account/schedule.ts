// SPDX-License-Identifier: Apache-2.0
// Sessions as this page knows them. Pure, so that each rule can be tested.
import { fieldsOf, textOf } from '@stillroom/client';
import type { Fields } from './api.ts';

export interface Participant {
  readonly id: string;
  readonly role: string;
  readonly name: string;
}

export interface Session {
  readonly id: string;
  readonly status: string;
  readonly payment: string;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly minutes: number;
  readonly participants: readonly Participant[];
}

const MINUTE = 60_000;
/** The room lets people in until then at the latest that is usual; the server decides. */
const AFTER_START_MS = 120 * MINUTE;
const LINK_AFTER_START_S = 3 * 3600;
const LINK_S_MIN = 3600;
const LINK_S_MAX = 30 * 86_400;

const TO_COME: ReadonlySet<string> = new Set(['pending', 'approved', 'confirmed', 'in-progress']);

export const listOf = (raw: unknown): readonly unknown[] => (Array.isArray(raw) ? raw : []);

function participantOf(raw: unknown): Participant {
  const fields = fieldsOf(raw);
  return {
    id: textOf(fields?.['id']) ?? '',
    role: textOf(fields?.['role']) ?? '',
    name: textOf(fields?.['name']) ?? '',
  };
}

export function sessionOf(raw: unknown): Session | undefined {
  const fields = fieldsOf(raw);
  const id = textOf(fields?.['id']);
  const start = Date.parse(textOf(fields?.['start']) ?? '');
  if (!fields || !id || Number.isNaN(start)) return undefined;
  return {
    id,
    start,
    minutes: Number(fields['minutes']) || 0,
    status: textOf(fields['status']) ?? '',
    payment: textOf(fields['payment']) ?? '',
    participants: listOf(fields['participants']).map(participantOf),
  };
}

export function sessionsIn(body: Fields): readonly Session[] {
  return listOf(body['sessions'])
    .map(sessionOf)
    .filter((session) => session !== undefined);
}

export function isToCome(session: Session, now: number): boolean {
  if (!TO_COME.has(session.status)) return false;
  if (session.status === 'in-progress') return true;
  return session.start + Math.max(session.minutes * MINUTE, AFTER_START_MS) > now;
}

/** What is to come, soonest first, and what is over, latest first. */
export function parted(
  sessions: readonly Session[],
  now: number,
): { readonly coming: readonly Session[]; readonly past: readonly Session[] } {
  const sorted = sessions.toSorted((a, b) => a.start - b.start);
  return {
    coming: sorted.filter((session) => isToCome(session, now)),
    past: sorted.filter((session) => !isToCome(session, now)).toReversed(),
  };
}

/** Sessions of one day under that day. */
export function byDay(
  sessions: readonly Session[],
): readonly { readonly day: number; readonly sessions: readonly Session[] }[] {
  const days = new Map<number, Session[]>();
  for (const session of sessions) {
    const day = new Date(session.start).setHours(0, 0, 0, 0);
    days.set(day, [...(days.get(day) ?? []), session]);
  }
  return [...days].map(([day, of]) => ({ day, sessions: of }));
}

/** Whole days from today, by the calendar and not by the clock. */
export function daysFrom(now: number, day: number): number {
  const today = new Date(now).setHours(0, 0, 0, 0);
  return Math.round((day - today) / 86_400_000);
}

/** Seconds that a link has to live to be good for the session, within what the server allows. */
export function linkLife(start: number, now: number): number {
  const seconds = Math.ceil((start - now) / 1000) + LINK_AFTER_START_S;
  return Math.min(Math.max(seconds, LINK_S_MIN), LINK_S_MAX);
}

/** As `datetime-local` has it: this browser's time, to the minute. */
export function localText(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** And back, as the server has it; null while there is no date in it. */
export function instantOf(local: string): string | null {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** The next full hour: where a new session is likely to be moved from. */
export function nextHour(now: number): number {
  const date = new Date(now);
  return date.setHours(date.getHours() + 1, 0, 0, 0);
}
