// SPDX-License-Identifier: Apache-2.0
// What the home page asks of the server, and in how many requests at most.
import { fieldsOf, textOf } from '@stillroom/client';
import { type Ask, type Fields, isProblem, type Problem } from './api.ts';
import { isToCome, listOf, type Session, sessionOf, sessionsIn } from './schedule.ts';
import { type User, userOf } from './tab.ts';

const PAGE = 100;
const PAGES_MAX = 5;
/** A session's window is asked for when it may open soon. */
const NEAR_MS = 24 * 3_600_000;
const NEAR_MAX = 6;

export interface Person extends User {
  readonly status: string;
}

/** When the room lets people in; asked for sessions that are near. */
export interface Doors {
  readonly opens: number;
  readonly closes: number;
  /** Something else than the time is in the way: its code. */
  readonly shut: string | null;
}

export const isStaff = (user: User): boolean => user.role === 'therapist' || user.role === 'admin';

async function pages<T>(
  ask: Ask,
  path: string,
  read: (body: Fields) => readonly T[],
  enough: (got: readonly T[]) => boolean,
): Promise<readonly T[] | Problem> {
  const all: T[] = [];
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await ask('GET', `${path}?limit=${PAGE}&offset=${page * PAGE}`);
    if (!answer.ok) return answer;
    const got = read(answer.body);
    all.push(...got);
    if (got.length < PAGE || enough(got)) break;
  }
  return all;
}

/** Newest first, until those that come are over: one's own, or an administrator's, which are all. */
export function sessionsOf(
  ask: Ask,
  user: User,
  now: number,
): Promise<readonly Session[] | Problem> {
  const path = user.role === 'admin' ? '/api/sessions' : '/api/video-calls/history';
  const over = (got: readonly Session[]): boolean => !got.some((each) => isToCome(each, now));
  return pages(ask, path, sessionsIn, over);
}

function personOf(raw: unknown): Person | undefined {
  const user = userOf(raw);
  return user && { ...user, status: textOf(fieldsOf(raw)?.['status']) ?? '' };
}

function peopleIn(body: Fields): readonly Person[] {
  return listOf(body['users'])
    .map(personOf)
    .filter((person) => person !== undefined);
}

/** For administrators; who was deleted is not shown. */
export async function peopleOf(ask: Ask): Promise<readonly Person[] | Problem> {
  const people = await pages(ask, '/api/users', peopleIn, () => false);
  return isProblem(people) ? people : people.filter(({ status }) => status !== 'deleted');
}

/** The same session with its people's names, if it is told. */
export async function withNames(ask: Ask, session: Session): Promise<Session> {
  const id = encodeURIComponent(session.id);
  const answer = await ask('GET', `/api/video-calls/session/${id}`);
  return (answer.ok && sessionOf(answer.body['session'])) || session;
}

async function doorsOf(ask: Ask, session: Session): Promise<Doors | undefined> {
  const id = encodeURIComponent(session.id);
  const answer = await ask('GET', `/api/video-calls/can-join/${id}`);
  if (!answer.ok) return undefined;
  const opens = Date.parse(textOf(answer.body['opensAt']) ?? '');
  const closes = Date.parse(textOf(answer.body['closesAt']) ?? '');
  const code = textOf(answer.body['code']) ?? null;
  const ofTime = code === null || code === 'too_early' || code === 'session_ended';
  return Number.isNaN(opens) ? undefined : { opens, closes, shut: ofTime ? null : code };
}

export async function doorsNear(
  ask: Ask,
  coming: readonly Session[],
  now: number,
): Promise<ReadonlyMap<string, Doors>> {
  const near = coming.filter(({ start }) => start - now < NEAR_MS).slice(0, NEAR_MAX);
  const found = await Promise.all(near.map((session) => doorsOf(ask, session)));
  return new Map(
    near.flatMap((session, index) => {
      const doors = found[index];
      return doors ? [[session.id, doors] as const] : [];
    }),
  );
}
