// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Path } from '../media/peer.ts';
import type { Person, ServerEvent } from '../protocol/events.ts';
import { REMOTES_MAX } from './people.ts';
import { reduce } from './reduce.ts';
import { type CallEvent, type CallState, type Effect, initialState } from './state.ts';

const ROOM = { roomId: 'room-1', sessionId: 's-1' };

function person(userId: string, socketId: string, seatId?: string): Person {
  return { userId, socketId, userName: userId, role: 'client', ...(seatId ? { seatId } : {}) };
}

const server = (event: ServerEvent): CallEvent => ({ kind: 'server', event });
const up: CallEvent = { kind: 'link', link: { kind: 'up', recovered: false } };
const down: CallEvent = { kind: 'link', link: { kind: 'down' } };
const others = (...people: Person[]): CallEvent => server({ kind: 'others', people });
const joined: CallEvent = server({
  kind: 'joined',
  joined: { roomId: 'room-1', role: 'client', seatId: 'seat', iceServers: [], policy: 'all' },
});
const userJoined = (who: Person): CallEvent => server({ kind: 'user-joined', person: who });
const path = (key: string, now: Path): CallEvent => ({ kind: 'path', key, path: now });

/** Runs events one after another; the effects are those of the last one. */
function play(...events: CallEvent[]): { state: CallState; effects: readonly Effect[] } {
  let state = initialState(ROOM);
  let effects: readonly Effect[] = [];
  for (const event of events) [state, effects] = reduce(state, event);
  return { state, effects };
}

const inRoomWith = (...people: Person[]): CallEvent[] => [
  { kind: 'join' },
  up,
  others(...people),
  joined,
];

describe('joining', () => {
  test('the_newcomer_offers_to_everybody_who_is_there_once_ice_servers_are_known', () => {
    const before = play({ kind: 'join' }, up, others(person('a', 's1'), person('b', 's2')));
    expect(before.effects).toEqual([]);
    const { effects } = play(...inRoomWith(person('a', 's1'), person('b', 's2')));
    expect(effects).toEqual([
      { kind: 'ice', iceServers: [], policy: 'all' },
      { kind: 'peer-open', key: 'p1', to: 's1', weOffer: true },
      { kind: 'peer-open', key: 'p2', to: 's2', weOffer: true },
    ]);
  });

  test('the_first_comer_waits_for_the_newcomer_to_offer', () => {
    const { effects } = play(...inRoomWith(), userJoined(person('a', 's1')));
    expect(effects).toEqual([{ kind: 'peer-open', key: 'p1', to: 's1', weOffer: false }]);
  });

  test('a_refusal_that_will_not_change_by_itself_ends_the_attempt', () => {
    const refused = server({
      kind: 'join-error',
      error: 'Cannot join cancelled or declined session',
      code: '',
    });
    const { state, effects } = play({ kind: 'join' }, up, refused);
    expect(state.closed).toEqual({ kind: 'refused', refusal: 'cancelled' });
    expect(effects).toContainEqual({ kind: 'disconnect' });
  });

  test('a_passing_refusal_is_asked_again_later_and_later_but_not_forever', () => {
    const failed = server({ kind: 'join-error', error: 'Failed to join room', code: '' });
    let { state, effects } = play({ kind: 'join' }, up, failed);
    const waits: number[] = [];
    while (state.phase !== 'closed') {
      const [wait] = effects;
      if (wait?.kind !== 'retry-later') throw new Error('expected a retry');
      waits.push(wait.ms);
      [state] = reduce(state, { kind: 'retry', turn: wait.turn });
      [state, effects] = reduce(state, failed);
    }
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(state.closed).toEqual({ kind: 'refused', refusal: 'join_failed' });
  });

  test('a_retry_that_was_overtaken_by_a_connection_does_not_join_twice', () => {
    const limited: CallEvent = {
      kind: 'link',
      link: { kind: 'refused', refusal: 'rate_limited', retryAfterMs: 7000 },
    };
    const { state, effects } = play({ kind: 'join' }, limited);
    expect(effects).toEqual([{ kind: 'retry-later', ms: 7000, turn: state.turn }]);
    const [after] = reduce(state, up);
    expect(reduce(after, { kind: 'retry', turn: state.turn })[1]).toEqual([]);
  });

  test('an_expired_token_is_renewed_once_and_then_reported', () => {
    const expired: CallEvent = {
      kind: 'link',
      link: { kind: 'refused', refusal: 'token_expired', retryAfterMs: 0 },
    };
    const first = play({ kind: 'join' }, expired);
    expect(first.effects).toEqual([{ kind: 'renew' }]);
    const [renewed, effects] = reduce(first.state, { kind: 'renewed', token: 't' });
    expect(effects).toEqual([{ kind: 'connect' }]);
    const [closed] = reduce(renewed, expired);
    expect(closed.closed).toEqual({ kind: 'refused', refusal: 'token_expired' });
  });
});

test('a_renewal_that_nobody_answers_is_tried_again', () => {
  const expired: CallEvent = {
    kind: 'link',
    link: { kind: 'refused', refusal: 'token_expired', retryAfterMs: 0 },
  };
  const away = play({ kind: 'join' }, expired, { kind: 'renew-unreachable' });
  expect(away.effects[0]?.kind).toBe('retry-later');
  expect(reduce(away.state, expired)[1]).toEqual([{ kind: 'renew' }]);
});

describe('a lost server', () => {
  const inCall = [...inRoomWith(person('a', 's1', 'seat-1')), path('p1', 'connected')];

  test('media_is_kept_and_nothing_is_torn_down', () => {
    const { state, effects } = play(...inCall, down);
    expect(state.phase).toBe('reconnecting');
    expect(state.remotes[0]).toMatchObject({ key: 'p1', presence: 'unconfirmed' });
    expect(effects).toEqual([]);
  });

  test('the_second_to_return_goes_on_with_the_same_connection_under_new_ids', () => {
    const back = [up, others(person('a', 's9', 'seat-9')), joined];
    const { state, effects } = play(...inCall, down, ...back);
    expect(effects).toContainEqual({
      kind: 'peer-continue',
      key: 'p1',
      to: 's9',
      weOffer: true,
    });
    expect(state.remotes).toHaveLength(1);
  });

  test('the_first_to_return_keeps_the_other_until_they_are_back', () => {
    const first = play(...inCall, down, up, others());
    expect(first.state.remotes[0]).toMatchObject({ presence: 'away', path: 'connected' });
    const { effects } = play(...inCall, down, up, others(), joined, userJoined(person('a', 's9')));
    expect(effects).toEqual([{ kind: 'peer-continue', key: 'p1', to: 's9', weOffer: false }]);
  });

  test('who_does_not_return_in_time_is_let_go', () => {
    const { state, effects } = play(...inCall, down, up, others());
    const [wait] = effects;
    if (wait?.kind !== 'away-later') throw new Error('expected a deadline');
    const [after, closing] = reduce(state, { ...wait, kind: 'away-over' });
    expect(after.remotes).toEqual([]);
    expect(closing).toEqual([{ kind: 'peer-close', key: 'p1' }]);
  });

  test('a_deadline_of_an_earlier_absence_lets_nobody_go', () => {
    const away = play(...inCall, down, up, others());
    const [wait] = away.effects;
    if (wait?.kind !== 'away-later') throw new Error('expected a deadline');
    const [back] = reduce(away.state, userJoined(person('a', 's9')));
    const [after] = reduce(back, { ...wait, kind: 'away-over' });
    expect(after.remotes).toHaveLength(1);
  });

  test('recovery_keeps_the_seat_and_does_not_join_again', () => {
    const recovered: CallEvent = { kind: 'link', link: { kind: 'up', recovered: true } };
    const { state, effects } = play(...inCall, down, recovered);
    expect(state.phase).toBe('joined');
    expect(state.remotes[0]?.presence).toBe('here');
    expect(effects).toEqual([]);
  });

  test('a_path_that_fails_meanwhile_is_not_restarted_into_the_void', () => {
    expect(play(...inCall, down, path('p1', 'failed')).effects).toEqual([]);
  });
});

describe('others', () => {
  const inCall = [...inRoomWith(person('a', 's1')), path('p1', 'connected')];
  const left = (reason: string) => server({ kind: 'user-left', socketId: 's1', reason });

  test.each(['left', 'disconnected', 'removed', ''])('after_%j_the_media_path_is_closed', (why) => {
    const { state, effects } = play(...inCall, left(why));
    expect(state.remotes).toEqual([]);
    expect(effects).toEqual([{ kind: 'peer-close', key: 'p1' }]);
  });

  const names = ({ departed }: CallState): string[] => departed.map(({ name }) => name);

  test('who_left_is_remembered_until_they_are_back', () => {
    expect(names(play(...inCall, left('left')).state)).toEqual(['a']);
    const again = play(...inCall, left('left'), userJoined(person('b', 's2')));
    expect(names(again.state)).toEqual(['a']);
    const back = play(...inCall, left('left'), userJoined(person('a', 's3')));
    expect(names(back.state)).toEqual([]);
    expect(names(play(...inCall, left('left'), { kind: 'leave' }).state)).toEqual([]);
  });

  test('who_may_be_back_in_a_moment_has_not_left_until_they_are_let_go', () => {
    const away = play(...inCall, left('connection_lost'));
    expect(names(away.state)).toEqual([]);
    const [late] = reduce(away.state, { kind: 'away-over', key: 'p1', socketId: 's1' });
    expect(names(late)).toEqual(['a']);
  });

  test('who_closes_one_of_two_devices_has_not_left', () => {
    const { state } = play(...inCall, userJoined(person('a', 's2')), left('left'));
    expect(names(state)).toEqual([]);
  });

  test.each(['replaced', 'connection_lost'])('after_%s_the_media_path_may_go_on', (why) => {
    const { state } = play(...inCall, left(why));
    expect(state.remotes[0]).toMatchObject({ presence: 'away' });
  });

  test('a_second_device_of_a_person_who_is_here_is_somebody_new', () => {
    const { state } = play(...inCall, userJoined(person('a', 's2')));
    expect(state.remotes.map((remote) => remote.key)).toEqual(['p1', 'p2']);
  });

  test('signalling_from_somebody_who_is_not_in_the_room_is_ignored', () => {
    const offer = server({
      kind: 'description',
      from: 'stranger',
      description: { type: 'offer', sdp: 'v=0' },
    });
    expect(play(...inCall, offer).effects).toEqual([]);
  });

  test('the_newcomer_restarts_first_and_the_other_side_gives_it_time', () => {
    const newcomer = play(...inCall, path('p1', 'failed'));
    const firstComer = play(...inRoomWith(), userJoined(person('a', 's1')), path('p1', 'failed'));
    const wait = (effects: readonly Effect[]): number =>
      effects[0]?.kind === 'peer-restart' ? effects[0].ms : Number.NaN;
    expect(wait(newcomer.effects)).toBe(0);
    expect(wait(firstComer.effects)).toBeGreaterThan(0);
  });
});

describe('the end', () => {
  const inCall = inRoomWith(person('a', 's1'));

  test('leaving_says_goodbye_before_it_disconnects', () => {
    const { effects } = play(...inCall, { kind: 'leave' });
    expect(effects.map((effect) => effect.kind)).toEqual(['send', 'peer-close', 'disconnect']);
  });

  test('the_end_of_the_call_closes_everything', () => {
    const { state, effects } = play(...inCall, server({ kind: 'call-ended', minutes: 49 }));
    expect(state.closed).toEqual({ kind: 'ended', minutes: 49 });
    expect(effects.map((effect) => effect.kind)).toEqual(['peer-close', 'disconnect']);
  });

  test('a_revoked_right_says_why', () => {
    const { state } = play(...inCall, server({ kind: 'access-revoked', reason: 'replaced' }));
    expect(state.closed).toEqual({ kind: 'revoked', reason: 'replaced' });
  });

  test('a_token_that_ended_is_renewed_and_a_server_that_could_not_tell_is_asked_again', () => {
    const expired = play(...inCall, server({ kind: 'access-revoked', reason: 'token_expired' }));
    expect(expired.state.closed).toBeNull();
    expect(expired.effects).toEqual([{ kind: 'renew' }]);
    const unsure = play(...inCall, server({ kind: 'access-revoked', reason: 'unavailable' }));
    expect(unsure.state.closed).toBeNull();
    expect(unsure.effects.map((effect) => effect.kind)).toEqual(['retry-later']);
  });

  test('after_the_end_only_join_does_anything', () => {
    const { state } = play(...inCall, { kind: 'leave' });
    for (const event of [up, down, joined, userJoined(person('b', 's5'))]) {
      expect(reduce(state, event)).toEqual([state, []]);
    }
    expect(reduce(state, { kind: 'join' })[1]).toEqual([{ kind: 'connect' }]);
  });
});

const id = fc.constantFrom('1', '2', '3', '4');
const somebody = fc
  .record({ user: id, socket: id, seat: fc.option(id, { nil: undefined }) })
  .map(({ user, socket, seat }) => person(`u${user}`, `s${socket}`, seat && `seat-${seat}`));
const key = fc.constantFrom('p1', 'p2', 'p3', 'p4', 'p9');
const anyEvent: fc.Arbitrary<CallEvent> = fc.oneof(
  fc.constantFrom<CallEvent>(
    { kind: 'join' },
    { kind: 'end' },
    up,
    down,
    joined,
    { kind: 'renewed', token: 't' },
    { kind: 'link', link: { kind: 'up', recovered: true } },
    { kind: 'link', link: { kind: 'unreachable' } },
    { kind: 'link', link: { kind: 'refused', refusal: 'rate_limited', retryAfterMs: 1 } },
    server({ kind: 'join-error', error: 'Failed to join room', code: '' }),
    server({ kind: 'call-error', error: 'Call not started', code: '' }),
    server({ kind: 'call-running', startTime: 1 }),
  ),
  fc.constantFrom<CallEvent>({ kind: 'leave' }, server({ kind: 'call-ended', minutes: 1 })),
  fc.uniqueArray(somebody, { selector: (each) => each.socketId }).map((all) => others(...all)),
  somebody.map(userJoined),
  fc
    .tuple(id, fc.constantFrom('left', 'replaced', 'connection_lost'))
    .map(([socket, reason]) => server({ kind: 'user-left', socketId: `s${socket}`, reason })),
  fc
    .tuple(key, fc.constantFrom<Path>('connecting', 'connected', 'interrupted', 'failed'))
    .map(([which, now]) => path(which, now)),
  id.map((socket) =>
    server({
      kind: 'description',
      from: `s${socket}`,
      description: { type: 'offer', sdp: 'v=0' },
    }),
  ),
  id.map((socket) => server({ kind: 'candidate', from: `s${socket}`, candidate: null })),
  fc
    .tuple(key, id)
    .map(
      ([which, socket]): CallEvent => ({ kind: 'away-over', key: which, socketId: `s${socket}` }),
    ),
);

/** What whoever runs the effects holds, and what must never be asked of them. */
class Runner {
  readonly open = new Set<string>();
  readonly ever = new Set<string>();

  run(effect: Effect): void {
    switch (effect.kind) {
      case 'peer-open':
        expect(this.ever.has(effect.key), 'a key is never used for two paths').toBe(false);
        this.open.add(effect.key);
        this.ever.add(effect.key);
        break;
      case 'peer-close':
        expect(this.open.delete(effect.key), 'only an open path is closed').toBe(true);
        break;
      case 'peer-continue':
      case 'peer-restart':
      case 'peer-description':
      case 'peer-candidate':
        expect(this.open.has(effect.key), `${effect.kind} needs an open path`).toBe(true);
        break;
      default:
    }
  }
}

function checkState(state: CallState, runner: Runner): void {
  const opened = state.remotes.filter((remote) => remote.opened).map((remote) => remote.key);
  expect(new Set(opened), 'the paths that are open are those of people we show').toEqual(
    runner.open,
  );
  const sockets = state.remotes.map((remote) => remote.person.socketId);
  expect(new Set(sockets).size, 'one socket is one person').toBe(sockets.length);
  expect(state.remotes.length).toBeLessThanOrEqual(REMOTES_MAX);
  const here = new Set(state.remotes.map((remote) => remote.person.userId));
  expect(
    state.departed.some(({ userId }) => here.has(userId)),
    'nobody is here and gone',
  ).toBe(false);
  expect(state.phase === 'closed').toBe(state.closed !== null);
  if (state.phase === 'closed') expect(runner.open.size).toBe(0);
}

test('no_order_of_events_leaks_or_confuses_a_media_path', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      const runner = new Runner();
      let state = initialState(ROOM);
      for (const event of [{ kind: 'join' } as const, up, ...events]) {
        const [next, effects] = reduce(state, event);
        for (const effect of effects) runner.run(effect);
        state = next;
        checkState(state, runner);
      }
    }),
    { numRuns: 2000 },
  );
});
