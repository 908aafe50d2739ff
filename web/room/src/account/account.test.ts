// SPDX-License-Identifier: Apache-2.0
// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Account } from './account.ts';
import type { Session } from './schedule.ts';
import { english, sentenceOf } from './texts.ts';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const MINUTE = 60_000;
const LOGGED_IN = {
  user: { id: 'tea', name: 'Tea', role: 'psychologist' },
  logIn: 'name-of-it',
  idleUntil: '2026-11-24T10:15:00Z',
  until: '2026-11-24T22:00:00Z',
};
const SESSION: Session = {
  id: 's/1',
  status: 'confirmed',
  payment: 'confirmed',
  start: NOW,
  minutes: 50,
  participants: [],
};
const CREDENTIALS = { user: 'tea', password: 'correct horse', code: '' };

interface Asked {
  readonly path: string;
  readonly init: RequestInit;
}

/** An account whose server gives `answers` one after another. */
function accountWith(answers: (Response | Error)[], hash = '') {
  const asked: Asked[] = [];
  const left: string[] = [];
  const outs: string[] = [];
  const fetch = (path: string, init: RequestInit): Promise<Response> => {
    asked.push({ path, init });
    const answer = answers.shift() ?? new Error('nobody answers');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const account = new Account(
    { storage: sessionStorage, fetch, now: () => Date.now(), leave: (path) => left.push(path) },
    hash,
  );
  account.whenOut((why) => outs.push(why));
  return { account, asked, left, outs };
}

const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(value), { status, headers });
const problem = (status: number, code: string, headers = {}): Response =>
  json({ code, error: 'Words of the server' }, status, headers);
const nameOf = (each: Asked | undefined): string | null =>
  new Headers(each?.init.headers).get('x-log-in');

async function loggedIn(...answers: (Response | Error)[]) {
  const made = accountWith([json(LOGGED_IN), ...answers]);
  await made.account.enter(CREDENTIALS);
  return made;
}

beforeEach(() => {
  sessionStorage.clear();
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a log-in', () => {
  test('is_named_in_each_further_request_and_outlives_a_reload', async () => {
    const { account, asked } = await loggedIn(json({}));
    expect(asked[0]?.path).toBe('/api/auth/login');
    expect(nameOf(asked[0])).toBeNull();
    expect(account.logIn?.user).toEqual({ id: 'tea', name: 'Tea', role: 'therapist' });
    await account.ask('GET', '/api/sessions');
    expect(nameOf(asked[1])).toBe('name-of-it');
    expect(accountWith([]).account.logIn).toEqual(account.logIn);
    expect(JSON.stringify(sessionStorage)).not.toContain('correct horse');
  });

  test.each(['{', '[]', '"x"', '{"name":"n"}'])('damaged_in_the_tab_is_none_%s', (damaged) => {
    sessionStorage.setItem('stillroom.log-in', damaged);
    expect(accountWith([]).account.logIn).toBeUndefined();
  });

  test('ends_on_the_page_when_the_server_has_ended_it', async () => {
    const { account, outs } = await loggedIn(problem(401, 'token_expired'));
    sessionStorage.setItem('stillroom.right', '{}');
    await account.ask('GET', '/api/sessions');
    expect(outs).toEqual(['over']);
    expect(sessionStorage.length).toBe(0);
  });

  test('is_not_ended_by_a_refusal_that_is_about_something_else', async () => {
    const { account, outs } = await loggedIn(problem(403, 'forbidden'), problem(401, 'code_wrong'));
    await account.ask('GET', '/api/users');
    await account.ask('GET', '/api/users');
    expect(outs).toEqual([]);
    expect(account.logIn).toBeDefined();
  });

  test('that_nobody_uses_ends_on_the_page_as_it_does_on_the_server', async () => {
    const { account, outs } = await loggedIn(json({}));
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    await account.ask('GET', '/api/sessions');
    await vi.advanceTimersByTimeAsync(15 * MINUTE - 1);
    expect(outs).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(outs).toEqual(['idle']);
    expect(sessionStorage.length).toBe(0);
  });

  test('leaves_nothing_in_the_tab_when_one_logs_out', async () => {
    const { account, asked, outs } = await loggedIn(new Response(null, { status: 204 }));
    sessionStorage.setItem('stillroom.right', '{}');
    expect((await account.leave()).ok).toBe(true);
    expect(asked[1]?.path).toBe('/api/auth/logout');
    expect(outs).toEqual(['out']);
    expect(sessionStorage.length).toBe(0);
  });

  test('stays_while_the_server_cannot_be_told_of_its_end', async () => {
    const { account, outs } = await loggedIn(new Error('offline'));
    expect(await account.leave()).toMatchObject({ ok: false, code: 'unreachable' });
    expect(outs).toEqual([]);
    expect(account.logIn).toBeDefined();
  });
});

describe('joining', () => {
  test('hands_the_right_of_the_log_in_to_the_room_page', async () => {
    const { account, asked, left } = await loggedIn(json({ canJoin: true, roomId: 'room-1' }));
    expect(await account.join(SESSION)).toBeNull();
    expect(asked[1]?.path).toBe('/api/video-calls/can-join/s%2F1');
    expect(left).toEqual(['/']);
    expect(JSON.parse(sessionStorage.getItem('stillroom.right') ?? '')).toEqual({
      token: '',
      logIn: 'name-of-it',
      roomId: 'room-1',
      sessionId: 's/1',
      receivedAt: NOW,
      expiresAt: NOW + 15 * MINUTE,
      user: { id: 'tea', name: 'Tea', role: 'therapist' },
      start: NOW,
      minutes: 50,
    });
  });

  test('says_why_not', async () => {
    const early = json({ canJoin: false, code: 'too_early', reason: 'Too early to join' });
    const { account, left } = await loggedIn(early, new Error('offline'));
    expect(await account.join(SESSION)).toBe('too_early');
    expect(await account.join(SESSION)).toBe('unreachable');
    expect(left).toEqual([]);
    expect(sessionStorage.getItem('stillroom.right')).toBeNull();
  });
});

describe('an invitation', () => {
  test('outlives_a_reload_until_it_is_used', () => {
    const { account } = accountWith([], '#invite=secret');
    expect(account.invite).toBe('secret');
    expect(accountWith([]).account.invite).toBe('secret');
    account.wasSetUp();
    expect(accountWith([]).account.invite).toBeUndefined();
    expect(accountWith([], `#invite=${'x'.repeat(200)}`).account.invite).toBeUndefined();
  });
});

describe('what went wrong', () => {
  test('is_told_in_our_words_or_in_the_servers', async () => {
    const { account } = accountWith([
      problem(401, 'log_in_failed'),
      problem(418, 'something_new'),
      new Response('<html>', { status: 502 }),
      problem(429, 'rate_limited', { 'Retry-After': '7' }),
      problem(429, 'rate_limited', { 'Retry-After': 'soon' }),
    ]);
    const told: string[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const answer = await account.enter(CREDENTIALS);
      if (!answer.ok) told.push(sentenceOf(answer, english));
    }
    expect(told).toEqual([
      'Name, password or code is wrong.',
      'Words of the server.',
      english.problem['unavailable'],
      english.limited(7),
      english.limited(1),
    ]);
  });
});
