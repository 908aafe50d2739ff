// SPDX-License-Identifier: Apache-2.0
// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type KeeperOptions, openRight, RightKeeper } from './keeper.ts';
import { keptRight, readFragment, readRight, rightOfToken } from './right.ts';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const ANSWER = {
  token: 'h.p.s',
  expiresAt: '2026-11-24T10:15:00Z',
  user: { id: 'u1', name: 'Maya', role: 'client' },
  session: { sessionId: 's1', roomId: 'room-1', start: '2026-11-24T10:00:00Z', minutes: 50 },
};

function tokenOf(claims: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(claims));
  const part = btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_');
  return `h.${part.replace(/=+$/, '')}.s`;
}

/** A server that gives `answers` one after another and remembers what it was asked. */
function serverOf(...answers: (Response | Error)[]) {
  const asked: { path: string; init: RequestInit }[] = [];
  const fetch = (path: string, init: RequestInit): Promise<Response> => {
    asked.push({ path, init });
    const answer = answers.shift() ?? new Error('nobody answers');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { asked, fetch };
}

const json = (value: unknown, status = 200): Response =>
  new Response(JSON.stringify(value), { status });

function optionsOf(fetch: KeeperOptions['fetch']): KeeperOptions {
  return { storage: sessionStorage, fetch, origin: '', now: () => Date.now() };
}

beforeEach(() => {
  sessionStorage.clear();
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the fragment', () => {
  test('carries_a_code_or_a_token_with_its_room', () => {
    expect(readFragment('#code=abc')).toEqual({ kind: 'code', code: 'abc' });
    expect(readFragment('#token=t&room=r&session=s')).toEqual({
      kind: 'token',
      token: 't',
      ref: { roomId: 'r', sessionId: 's' },
    });
  });

  test.each(['', '#', '#token=t', '#token=t&room=r', `#code=${'x'.repeat(200)}`])(
    'without_them_%s_is_none',
    (hash) => {
      expect(readFragment(hash)).toEqual({ kind: 'none' });
    },
  );
});

describe('the right', () => {
  test('a_code_is_exchanged_by_post_and_never_stands_in_the_url', async () => {
    const { asked, fetch } = serverOf(json(ANSWER));
    const keeper = await openRight(optionsOf(fetch), '#code=secret');
    expect(keeper).toBeInstanceOf(RightKeeper);
    expect(asked[0]?.path).toBe('/api/links/exchange');
    expect(asked[0]?.init).toMatchObject({ method: 'POST', body: '{"code":"secret"}' });
  });

  test('a_reload_without_a_fragment_is_the_same_person', async () => {
    const { asked, fetch } = serverOf(json(ANSWER));
    const first = await openRight(optionsOf(fetch), '#code=secret');
    const again = await openRight(optionsOf(fetch), '');
    if (typeof first === 'string' || typeof again === 'string') throw new Error('no right');
    expect(again.right).toEqual(first.right);
    expect(asked).toHaveLength(1);
  });

  test.each([
    [410, 'link_invalid'],
    [404, 'link_invalid'],
    [429, 'rate_limited'],
    [503, 'unreachable'],
  ])('an_answer_%i_is_%s', async (status, failure) => {
    const { fetch } = serverOf(json({ error: 'x' }, status));
    expect(await openRight(optionsOf(fetch), '#code=used')).toBe(failure);
  });

  test('no_link_and_nothing_kept_is_told_apart_from_a_used_link', async () => {
    expect(await openRight(optionsOf(serverOf().fetch), '')).toBe('link_missing');
  });

  test('claims_are_read_from_an_integrators_token_for_display_only', () => {
    const token = tokenOf({ user: { id: 'u1', role: 'psychologist' }, name: 'Zoë', exp: 1 });
    const right = rightOfToken(token, { roomId: 'r', sessionId: 's' }, NOW);
    expect(right).toMatchObject({
      expiresAt: 1000,
      user: { id: 'u1', name: 'Zoë', role: 'therapist' },
    });
    expect(rightOfToken('junk', { roomId: 'r', sessionId: 's' }, NOW).user.role).toBe('observer');
  });

  test('the_pass_for_our_return_is_kept_in_the_tab_beside_it', async () => {
    const { fetch } = serverOf(json(ANSWER), json({ token: 'fresh', expiresAt: 1 }));
    const keeper = await openRight(optionsOf(fetch), '#code=secret');
    if (typeof keeper === 'string') throw new Error('no right');
    keeper.keepPass('pass');
    expect(keptRight(sessionStorage)?.returnPass).toBe('pass');
    await keeper.renew();
    const again = await openRight(optionsOf(fetch), '');
    if (typeof again === 'string') throw new Error('no right');
    expect(again.right).toMatchObject({ token: 'fresh', returnPass: 'pass' });
    again.drop();
    expect(keptRight(sessionStorage)).toBeUndefined();
  });

  test('a_damaged_copy_in_the_tab_is_no_right', () => {
    for (const damaged of ['{', '[]', '"x"', '{"token":"t"}']) {
      sessionStorage.setItem('stillroom.right', damaged);
      expect(keptRight(sessionStorage)).toBeUndefined();
    }
  });
});

describe('the right of a log-in', () => {
  const right = readRight({ ...ANSWER, token: '', logIn: 'name-of-it' }, NOW);
  if (!right) throw new Error('the answer is a right');
  const ticket = json({ ticket: 'once', expiresAt: '2026-11-24T10:00:30Z' });

  test('takes_a_ticket_for_each_connection_by_the_cookie_that_its_name_points_to', async () => {
    const { asked, fetch } = serverOf(ticket);
    const keeper = new RightKeeper(optionsOf(fetch), right);
    expect(await keeper.credential()).toBe('once');
    expect(asked[0]?.path).toBe('/api/tickets');
    expect(asked[0]?.init).toMatchObject({
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'x-log-in': 'name-of-it' },
    });
    expect(sessionStorage.getItem('stillroom.right')).not.toContain('once');
  });

  test('outlives_a_reload_and_is_not_renewed_by_itself', async () => {
    const { asked, fetch } = serverOf();
    const keeper = new RightKeeper(optionsOf(fetch), right);
    expect(keptRight(sessionStorage)).toEqual(keeper.right);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(asked).toHaveLength(0);
  });

  test.each([
    [401, 'over'],
    [503, 'unreachable'],
    [429, 'unreachable'],
  ])('an_answer_%i_gives_no_ticket_and_is_%s', async (status, verdict) => {
    const { fetch } = serverOf(json({}, status), json({}, status));
    const keeper = new RightKeeper(optionsOf(fetch), right);
    expect(await keeper.credential()).toBeNull();
    expect(await keeper.renew()).toBe(verdict);
  });
});

test('a_right_that_is_dropped_leaves_nothing_in_the_tab_and_asks_no_more', async () => {
  const { asked, fetch } = serverOf(json(ANSWER));
  const keeper = await openRight(optionsOf(fetch), '#code=secret');
  if (typeof keeper === 'string') throw new Error('no right');
  expect(sessionStorage.length).toBe(1);
  keeper.drop();
  expect(sessionStorage.length).toBe(0);
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(asked).toHaveLength(1);
});

test('a_renewal_under_way_brings_nothing_back_that_was_dropped', async () => {
  const { fetch } = serverOf(json(ANSWER), json({ token: 'fresh', expiresAt: ANSWER.expiresAt }));
  const keeper = await openRight(optionsOf(fetch), '#code=secret');
  if (typeof keeper === 'string') throw new Error('no right');
  const renewal = keeper.renew();
  keeper.drop();
  expect(await renewal).toBe('over');
  expect(sessionStorage.length).toBe(0);
});

describe('renewal', () => {
  const right = readRight(ANSWER, NOW);
  if (!right) throw new Error('the answer is a right');

  test('comes_when_two_thirds_of_the_time_are_over', async () => {
    const fresh = { token: 'fresh', expiresAt: '2026-11-24T10:25:00Z' };
    const { asked, fetch } = serverOf(json(fresh));
    const keeper = new RightKeeper(optionsOf(fetch), right);
    await vi.advanceTimersByTimeAsync(10 * 60_000 - 1);
    expect(asked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked[0]?.path).toBe('/api/links/renew');
    expect(asked[0]?.init.headers).toEqual({ authorization: 'Bearer h.p.s' });
    expect(keeper.right.token).toBe('fresh');
    expect(keptRight(sessionStorage)?.token).toBe('fresh');
  });

  test('is_tried_again_while_nobody_answers_and_not_after_a_no', async () => {
    const { asked, fetch } = serverOf(new Error('offline'), json({}, 401));
    const keeper = new RightKeeper(optionsOf(fetch), right);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(asked).toHaveLength(2);
    expect(keeper.right.token).toBe('h.p.s');
  });
});
