// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SERVER_EVENT_NAMES } from './events.ts';
import { parseServerEvent, roleOf } from './parse.ts';
import { connectRefusal, joinRefusal, REFUSALS } from './refusals.ts';

const someone = { socketId: 's1', userId: 'u1', userName: 'Maya', userRole: 'client' };

describe('what the server says', () => {
  test('join_success_carries_ice_servers_and_policy', () => {
    const event = parseServerEvent('join-success', {
      roomId: 'room-1',
      sessionId: 's',
      participantCount: 1,
      userRole: 'psychologist',
      seatId: 'seat',
      iceServers: [{ urls: 'stun:example.net' }, { urls: ['turn:a', 'turn:b'], username: 'u' }],
      policy: { iceTransportPolicy: 'relay' },
    });
    expect(event).toEqual({
      kind: 'joined',
      joined: {
        roomId: 'room-1',
        role: 'therapist',
        seatId: 'seat',
        iceServers: [{ urls: ['stun:example.net'] }, { urls: ['turn:a', 'turn:b'], username: 'u' }],
        policy: 'relay',
      },
    });
  });

  test('a_server_without_additions_is_understood', () => {
    const event = parseServerEvent('join-success', { roomId: 'room-1', userRole: 'client' });
    expect(event).toMatchObject({ joined: { iceServers: [], policy: 'all', seatId: '' } });
  });

  test('people_without_ids_are_left_out_of_the_list', () => {
    const event = parseServerEvent('existing-participants', [someone, {}, null, 7]);
    expect(event).toMatchObject({ kind: 'others', people: [{ socketId: 's1' }] });
  });

  test('both_ends_of_candidates_are_one', () => {
    for (const candidate of [null, '', { candidate: '' }]) {
      const event = parseServerEvent('ice-candidate', { from: 's1', candidate });
      expect(event).toEqual({ kind: 'candidate', from: 's1', candidate: null });
    }
    expect(parseServerEvent('ice-candidate', { from: 's1' })).toBeUndefined();
  });

  test('an_answer_under_the_name_of_an_offer_is_dropped', () => {
    const answer = { type: 'answer', sdp: 'v=0' };
    expect(parseServerEvent('offer', { from: 's1', offer: answer })).toBeUndefined();
    expect(parseServerEvent('answer', { from: 's1', answer })).toMatchObject({ from: 's1' });
  });

  test('an_unknown_role_gets_the_fewest_rights', () => {
    expect(roleOf('superuser')).toBe('observer');
    expect(roleOf('constructor')).toBe('observer');
    expect(roleOf(undefined)).toBe('observer');
  });

  test('no_json_makes_the_parser_throw_or_pass_a_stranger_shape', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SERVER_EVENT_NAMES), fc.jsonValue(), (name, raw) => {
        const event = parseServerEvent(name, raw);
        if (event?.kind === 'user-joined') expect(event.person.userId).not.toBe('');
        if (event?.kind === 'description') expect(event.description.sdp).not.toBe('');
      }),
    );
  });
});

describe('refusals', () => {
  test.each([
    ['Unauthorized access to this session', 'not_yours'],
    ['Too early to join', 'too_early'],
    ['Session has ended', 'session_ended'],
    ['Room is full', 'room_full'],
    ['something new', 'unknown'],
    ['toString', 'unknown'],
  ])('%s_is_%s', (error, refusal) => {
    expect(joinRefusal(error)).toBe(refusal);
  });

  test('one_message_with_two_causes_is_told_apart_by_its_code', () => {
    expect(connectRefusal('Authentication failed', 'token_expired')).toBe('token_expired');
    expect(connectRefusal('Authentication failed', 'user_inactive')).toBe('user_inactive');
    expect(connectRefusal('Authentication failed', '')).toBe('token_invalid');
    expect(REFUSALS).toContain(connectRefusal('xhr poll error', ''));
  });
});
