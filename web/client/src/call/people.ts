// SPDX-License-Identifier: Apache-2.0
// Who is in the room, and which of the media paths we hold belongs to whom.
import type { Person } from '../protocol/events.ts';
import type { CallState, Departed, Effect, Remote, Step } from './state.ts';

/** The largest room seats twelve people; whoever is beyond this many others is not shown. */
export const REMOTES_MAX = 15;

/**
 * How long media may go on with somebody whom the server does not seat. A restart of the server
 * brings everybody back within seconds; longer, and they may have been refused.
 */
export const AWAY_MS_MAX = 60_000;

/** Reasons of `user-left` after which the same person is likely to be back in a moment. */
const PASSING_REASONS: ReadonlySet<string> = new Set([
  'replaced',
  'connection_lost',
  'transport_lost',
  'lost',
  'timeout',
]);

export function remoteBySocket(state: CallState, socketId: string): Remote | undefined {
  return state.remotes.find((remote) => remote.person.socketId === socketId);
}

export function withRemote(state: CallState, changed: Remote): CallState {
  const remotes = state.remotes.map((each) => (each.key === changed.key ? changed : each));
  return { ...state, remotes };
}

export function without(state: CallState, key: string): Step {
  const gone = state.remotes.find((remote) => remote.key === key);
  if (!gone) return [state, []];
  const remotes = state.remotes.filter((remote) => remote.key !== key);
  const departed = departedAfter(state, gone.person, remotes);
  return [{ ...state, remotes, departed }, gone.opened ? [{ kind: 'peer-close', key }] : []];
}

/** Whoever still is here with another device has not gone. */
function departedAfter(
  { departed }: CallState,
  { userId, userName: name }: Person,
  remotes: readonly Remote[],
): readonly Departed[] {
  if (remotes.some((remote) => remote.person.userId === userId)) return departed;
  const others = departed.filter((each) => each.userId !== userId);
  return [...others, { userId, name }].slice(-REMOTES_MAX);
}

/**
 * Socket ids change with every connection and seat ids with a restart of the server. A user id
 * counts only for somebody we are missing: a second device of a person who is here is new.
 */
function knownAs(remotes: readonly Remote[], person: Person): Remote | undefined {
  return (
    remotes.find((remote) => remote.person.socketId === person.socketId) ??
    remotes.find((remote) => person.seatId && remote.person.seatId === person.seatId) ??
    remotes.find((remote) => remote.presence !== 'here' && remote.person.userId === person.userId)
  );
}

/** Seats `person`, under the key they had before if we know them. */
export function seat(state: CallState, person: Person, weOffer: boolean): CallState {
  const departed = state.departed.filter((each) => each.userId !== person.userId);
  const known = knownAs(state.remotes, person);
  if (known) {
    return withRemote({ ...state, departed }, { ...known, person, presence: 'here', weOffer });
  }
  if (state.remotes.length >= REMOTES_MAX) return state;
  const fresh: Remote = {
    key: `p${state.nextKey}`,
    person,
    presence: 'here',
    path: 'new',
    opened: false,
    weOffer,
  };
  return { ...state, departed, remotes: [...state.remotes, fresh], nextKey: state.nextKey + 1 };
}

/** Opens, or goes on with, the media path to somebody who was just seated. */
export function reach(state: CallState, remote: Remote): Step {
  const effect: Effect = {
    kind: remote.opened ? 'peer-continue' : 'peer-open',
    key: remote.key,
    to: remote.person.socketId,
    weOffer: remote.weOffer,
  };
  return [withRemote(state, { ...remote, opened: true }), [effect]];
}

export function missing(state: CallState, remote: Remote): Step {
  if (!remote.opened || remote.path === 'failed') return without(state, remote.key);
  const { key, person } = remote;
  return [
    withRemote(state, { ...remote, presence: 'away' }),
    [{ kind: 'away-later', ms: AWAY_MS_MAX, key, socketId: person.socketId }],
  ];
}

export function userLeft(state: CallState, socketId: string, reason: string): Step {
  const remote = remoteBySocket(state, socketId);
  if (!remote) return [state, []];
  return PASSING_REASONS.has(reason) ? missing(state, remote) : without(state, remote.key);
}

/** The server's list after our own (re)join; whoever it does not name is missing. */
export function othersNamed(state: CallState, people: readonly Person[]): Step {
  let next = state;
  for (const person of people) next = seat(next, person, true);
  const named = new Set(people.map((person) => person.socketId));
  const effects: Effect[] = [];
  for (const remote of next.remotes) {
    if (named.has(remote.person.socketId)) continue;
    const [after, more] = missing(next, remote);
    next = after;
    effects.push(...more);
  }
  return [next, effects];
}
