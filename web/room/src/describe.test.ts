// SPDX-License-Identifier: Apache-2.0
import type { CallView, LocalState, RemoteView, SideNote } from '@stillroom/client';
import { DEVICE_FAILURES, REFUSALS } from '@stillroom/client';
import { describe, expect, test, vi } from 'vitest';
import { clockOf, deviceNotices, endingOf, isShutOut, pictureless, statusOf } from './describe.ts';
import { english } from './texts.ts';

const maya: RemoteView = {
  key: 'p1',
  name: 'Maya',
  role: 'client',
  presence: 'here',
  path: 'connected',
  stream: null,
  note: null,
  quality: 'good',
};

const view = (change: Partial<CallView>, ...remotes: Partial<RemoteView>[]): CallView => ({
  phase: 'joined',
  role: 'client',
  remotes: remotes.map((remote) => ({ ...maya, ...remote })),
  departed: [],
  runningSince: 0,
  closed: null,
  unreachable: false,
  callError: '',
  ...change,
});

const local: LocalState = {
  microphone: 'on',
  camera: 'on',
  sharing: false,
  canShare: true,
  choice: { microphone: '', camera: '' },
  devices: { microphone: [], camera: [] },
  cameraTrack: null,
  microphoneTrack: null,
  screenTrack: null,
};

describe('the connection line', () => {
  test.each([
    ['joining', view({ phase: 'joining' })],
    ['unreachable', view({ phase: 'connecting', unreachable: true })],
    ['waiting', view({})],
    ['connecting', view({}, { path: 'new' })],
    ['connected', view({}, {})],
    ['weak', view({}, { quality: 'weak' })],
    ['interrupted', view({}, { path: 'interrupted' })],
    ['failed', view({}, { path: 'failed' })],
    ['away', view({}, { presence: 'away' })],
    ['media-on', view({ phase: 'reconnecting' }, {})],
    ['reconnecting', view({ phase: 'reconnecting' }, { path: 'failed' })],
    ['reconnecting', view({ phase: 'reconnecting' })],
    ['failed', view({}, {}, { path: 'failed' }, { path: 'connecting' })],
    ['left', view({ departed: ['Maya'] })],
    ['connected', view({ departed: ['Jon'] }, {})],
    ['failed', view({ departed: ['Jon'] }, { path: 'failed' })],
    ['reconnecting', view({ phase: 'reconnecting', departed: ['Maya'] })],
  ])('says_%s', (id, seen) => {
    const line = statusOf(seen, english);
    expect(line.id).toBe(id);
    expect(line.text).not.toBe('');
  });

  test('names_the_person_or_says_who_without_a_name', () => {
    expect(statusOf(view({}, { path: 'connecting' }), english).text).toContain('Maya');
    const nameless = statusOf(view({}, { path: 'connecting', name: '' }), english);
    expect(nameless.text).toContain(english.people.nameless);
  });
});

test('who_left_is_named_and_those_who_stay_are_still_connected', () => {
  const says = (...of: Parameters<typeof view>): string => statusOf(view(...of), english).text;
  expect(says({ departed: ['Maya'] })).toBe('Maya left. You are still in the room.');
  expect(says({ departed: ['Maya', 'Jon'] })).toMatch(/^Maya and Jon left\./);
  expect(says({ departed: [''] })).toContain(english.people.nameless);
  expect(says({ departed: ['Jon'] }, {})).toBe('Connected. Jon left.');
});

describe('in the place of a picture', () => {
  const say = (note: Partial<SideNote>, change: Partial<RemoteView> = {}) => {
    const full = { v: 1, microphone: 'on', camera: 'on', screen: 'off', ...note } as const;
    return pictureless({ ...maya, note: full, ...change }, english);
  };

  test('stands_what_the_other_person_told_us', () => {
    expect(say({ camera: 'off' })).toBe('Maya’s camera is off. You can still talk.');
    const both = say({ camera: 'off', microphone: 'off' });
    expect(both).toBe('Maya’s camera and microphone are off.');
  });

  test('stands_nothing_that_we_do_not_know', () => {
    expect(say({})).toBeNull();
    expect(say({ camera: 'off', screen: 'on' })).toBeNull();
    expect(pictureless(maya, english)).toBeNull();
    expect(say({ camera: 'off' }, { path: 'interrupted' })).toBeNull();
  });
});

describe('the ways it can end', () => {
  test.each(REFUSALS)('%s_has_its_sentence', (refusal) => {
    const ending = endingOf({ kind: 'refused', refusal }, english);
    expect(ending.id).toBe(refusal);
    expect(ending.text.length).toBeGreaterThan(10);
  });

  test('what_the_same_link_can_outlive_has_a_way_back', () => {
    const again = (refusal: 'too_early' | 'cancelled' | 'not_yours') =>
      endingOf({ kind: 'refused', refusal }, english).again;
    expect(again('too_early')).not.toBeNull();
    expect(again('cancelled')).toBeNull();
    expect(again('not_yours')).toBeNull();
  });

  test('a_stranger_cannot_tell_a_missing_session_from_anothers', () => {
    const { refusal } = english;
    expect(refusal.not_found).toBe(refusal.not_yours);
  });

  test('one_minute_is_not_one_minutes', () => {
    expect(endingOf({ kind: 'ended', minutes: 1 }, english).text).toContain('1 minute.');
    expect(endingOf({ kind: 'ended', minutes: 50 }, english).text).toContain('50 minutes.');
  });

  test('an_unknown_reason_still_has_a_sentence', () => {
    const ending = endingOf({ kind: 'revoked', reason: 'something_new' }, english);
    expect(ending.text).toBe(english.revokedOther);
  });
});

describe('devices', () => {
  describe.each(['camera', 'microphone'] as const)('%s', (kind) => {
    test.each(DEVICE_FAILURES)('that_is_%s_has_a_sentence_and_a_way_on', (failure) => {
      const retry = vi.fn();
      const notices = deviceNotices({ ...local, [kind]: failure }, english, retry);
      expect(notices.map(({ id }) => id)).toEqual([`${kind}-${failure}`]);
      expect(notices[0]?.text).toContain(kind);
      notices[0]?.action?.run();
      expect(retry.mock.calls).toEqual(failure === 'insecure' ? [] : [[kind]]);
    });

    test.each(['on', 'off', 'starting'] as const)('that_is_%s_needs_no_notice', (state) => {
      expect(deviceNotices({ ...local, [kind]: state }, english, vi.fn())).toEqual([]);
    });
  });

  test('the_microphone_comes_first_when_both_are_missing', () => {
    const notices = deviceNotices(
      { ...local, microphone: 'denied', camera: 'absent' },
      english,
      vi.fn(),
    );
    expect(notices.map(({ id }) => id)).toEqual(['microphone-denied', 'camera-absent']);
  });
});

test('the_clock_shows_hours_only_when_there_are_some', () => {
  expect(clockOf(-5)).toBe('00:00');
  expect(clockOf(65_000)).toBe('01:05');
  expect(clockOf(3_661_000)).toBe('1:01:01');
});

test('who was shut out is offered no other page', () => {
  expect(isShutOut({ kind: 'revoked', reason: 'user_inactive' })).toBe(true);
  expect(isShutOut({ kind: 'refused', refusal: 'user_inactive' })).toBe(true);
  expect(isShutOut({ kind: 'revoked', reason: 'token_expired' })).toBe(false);
  expect(isShutOut({ kind: 'left' })).toBe(false);
});
