// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import {
  byDay,
  daysFrom,
  instantOf,
  isToCome,
  linkLife,
  localText,
  nextHour,
  parted,
  type Session,
  sessionOf,
  sessionsIn,
} from './schedule.ts';

const NOW = Date.parse('2026-11-24T10:20:00Z');
const HOUR = 3_600_000;
const at = (hours: number, status = 'confirmed', minutes = 50): Session => ({
  id: `${status} ${hours}`,
  status,
  payment: 'confirmed',
  start: NOW + hours * HOUR,
  minutes,
  participants: [],
});

describe('what the server tells', () => {
  test('becomes_a_session_or_nothing', () => {
    const raw = {
      id: 's1',
      status: 'confirmed',
      payment: 'pending',
      start: '2026-11-24T11:00:00Z',
      minutes: 50,
      participants: [{ id: 'ana', role: 'client', name: 'Ana' }, { id: 'tea' }],
    };
    expect(sessionOf(raw)).toEqual({
      ...raw,
      start: NOW + 40 * 60_000,
      participants: [
        { id: 'ana', role: 'client', name: 'Ana' },
        { id: 'tea', role: '', name: '' },
      ],
    });
    const broken = [null, [], {}, { ...raw, id: 7 }, { ...raw, start: 'soon' }];
    for (const each of broken) expect(sessionOf(each)).toBeUndefined();
    expect(sessionsIn({ sessions: [raw, null] })).toHaveLength(1);
    expect(sessionsIn({ sessions: 'none' })).toEqual([]);
  });
});

describe('what is to come', () => {
  test.each([
    [at(-1.9), true],
    [at(-2.1), false],
    [at(-2.1, 'confirmed', 180), true],
    [at(-5, 'in-progress'), true],
    [at(3, 'pending'), true],
    [at(3, 'cancelled'), false],
    [at(-1, 'completed'), false],
  ])('%o', (session, coming) => {
    expect(isToCome(session, NOW)).toBe(coming);
  });

  test('comes_soonest_first_and_what_is_over_latest_first', () => {
    const { coming, past } = parted([at(5), at(-9), at(1), at(-7)], NOW);
    expect(coming.map(({ id }) => id)).toEqual(['confirmed 1', 'confirmed 5']);
    expect(past.map(({ id }) => id)).toEqual(['confirmed -7', 'confirmed -9']);
  });

  test('stands_under_its_day', () => {
    const days = byDay([at(0), at(0.1), at(48)]);
    expect(days.map(({ sessions }) => sessions.length)).toEqual([2, 1]);
    expect(days.map(({ day }) => daysFrom(NOW, day))).toEqual([0, 2]);
  });
});

test('days_are_counted_by_the_calendar', () => {
  const late = new Date(2026, 2, 28, 23, 30).getTime();
  const next = new Date(2026, 2, 29).getTime();
  expect(daysFrom(late, next)).toBe(1);
  expect(daysFrom(late, new Date(2026, 2, 28).getTime())).toBe(0);
});

test('a_link_lives_until_after_its_session_within_what_the_server_allows', () => {
  expect(linkLife(NOW + 24 * HOUR, NOW)).toBe(27 * 3600);
  expect(linkLife(NOW - 3 * HOUR, NOW)).toBe(3600);
  expect(linkLife(NOW + 60 * 24 * HOUR, NOW)).toBe(30 * 86_400);
});

test('local_time_goes_into_the_form_and_comes_back_as_the_same_instant', () => {
  const hour = nextHour(NOW);
  expect(hour).toBe(Date.parse('2026-11-24T11:00:00Z'));
  expect(localText(hour)).toMatch(/^2026-11-2\dT\d\d:\d\d$/);
  expect(instantOf(localText(hour))).toBe('2026-11-24T11:00:00.000Z');
  expect(instantOf('')).toBeNull();
});
