// SPDX-License-Identifier: Apache-2.0
// The call as a pure function: no socket, no media, no clock. The order of what peers see is the
// contract's §6; what must hold for every sequence of events is tested in reduce.test.ts.
import type { Path } from '../media/peer.ts';
import type { ClientEvent, Joined, ServerEvent } from '../protocol/events.ts';
import { isPassing, joinRefusal, type Refusal } from '../protocol/refusals.ts';
import type { LinkEvent } from '../transport/transport.ts';
import {
  othersNamed,
  reach,
  remoteBySocket,
  seat,
  userLeft,
  without,
  withRemote,
} from './people.ts';
import type { CallEvent, CallState, Closed, Effect, Step } from './state.ts';
import { initialState } from './state.ts';

const RETRY_MS_MIN = 1000;
const RETRY_MS_MAX = 15_000;
/** A server that fails this often in a row is told to the person instead of asked again. */
const JOIN_RETRIES_MAX = 8;
/** One renewal for each refusal; a fresh token that is refused as expired means wrong clocks. */
const RENEWALS_MAX = 1;
/** ICE often heals within this time by itself (RFC 8445 §11 leaves the choice to us). */
const INTERRUPTED_MS = 3000;
/** The newcomer restarts first; only if that did not help, the other side does. */
const SECOND_RESTART_MS = 5000;

function send(event: ClientEvent): Effect {
  return { kind: 'send', event };
}

function close(state: CallState, closed: Closed, farewell: readonly Effect[] = []): Step {
  const peers = state.remotes
    .filter((remote) => remote.opened)
    .map((remote): Effect => ({ kind: 'peer-close', key: remote.key }));
  return [
    { ...state, phase: 'closed', closed, remotes: [], departed: [], joined: null, runningSince: 0 },
    [...farewell, ...peers, { kind: 'disconnect' }],
  ];
}

function retry(state: CallState, refusal: Refusal, msMin: number): Step {
  if (state.retries >= JOIN_RETRIES_MAX) return close(state, { kind: 'refused', refusal });
  const turn = state.turn + 1;
  const ms = Math.max(msMin, Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** state.retries));
  return [{ ...state, retries: state.retries + 1, turn }, [{ kind: 'retry-later', ms, turn }]];
}

function renew(state: CallState): Step {
  if (state.renewals >= RENEWALS_MAX) {
    return close(state, { kind: 'refused', refusal: 'token_expired' });
  }
  return [{ ...state, renewals: state.renewals + 1 }, [{ kind: 'renew' }]];
}

function refused(state: CallState, refusal: Refusal, retryAfterMs: number): Step {
  if (refusal === 'token_expired') return renew(state);
  if (isPassing(refusal)) return retry(state, refusal, retryAfterMs);
  return close(state, { kind: 'refused', refusal });
}

/** After recovery the seat is still ours, but what we said in the gap reached nobody. */
function resumed(state: CallState): Step {
  let next: CallState = { ...state, phase: 'joined' };
  const effects: Effect[] = [];
  for (const remote of next.remotes) {
    if (remote.presence !== 'unconfirmed') continue;
    next = withRemote(next, { ...remote, presence: 'here' });
    if (remote.path === 'connected' || !remote.opened) continue;
    const ms = remote.weOffer ? 0 : SECOND_RESTART_MS;
    effects.push({ kind: 'peer-restart', key: remote.key, ms });
  }
  return [next, effects];
}

function linkUp(state: CallState, recovered: boolean): Step {
  const next: CallState = { ...state, unreachable: false, turn: state.turn + 1 };
  if (recovered && state.joined) return resumed(next);
  const phase = state.phase === 'connecting' ? 'joining' : state.phase;
  return [{ ...next, phase }, [send({ name: 'join-room', body: state.room })]];
}

function linkDown(state: CallState): CallState {
  if (!state.joined) return { ...state, phase: 'connecting' };
  const remotes = state.remotes.map((remote) =>
    remote.presence === 'here' ? { ...remote, presence: 'unconfirmed' as const } : remote,
  );
  return { ...state, phase: 'reconnecting', remotes };
}

function onLink(state: CallState, link: LinkEvent): Step {
  switch (link.kind) {
    case 'up':
      return linkUp(state, link.recovered);
    case 'down':
      return [linkDown(state), []];
    case 'unreachable':
      return [{ ...state, unreachable: true }, []];
    case 'refused':
      return refused(state, link.refusal, link.retryAfterMs);
  }
}

function onJoined(state: CallState, joined: Joined): Step {
  let next: CallState = { ...state, phase: 'joined', joined, retries: 0, renewals: 0 };
  const { iceServers, policy } = joined;
  const effects: Effect[] = [{ kind: 'ice', iceServers, policy }];
  for (const remote of next.remotes) {
    // The list came just before; those it seated are whom we, the newcomer, offer to.
    if (remote.presence !== 'here' || !remote.weOffer) continue;
    const [after, more] = reach(next, remote);
    next = after;
    effects.push(...more);
  }
  return [next, effects];
}

function onUserJoined(state: CallState, event: ServerEvent & { kind: 'user-joined' }): Step {
  const next = seat(state, event.person, false);
  const remote = remoteBySocket(next, event.person.socketId);
  return remote ? reach(next, remote) : [next, []];
}

function onRelayed(
  state: CallState,
  event: ServerEvent & { kind: 'description' | 'candidate' },
): Step {
  const remote = remoteBySocket(state, event.from);
  if (!remote?.opened) return [state, []];
  const { key } = remote;
  if (event.kind === 'candidate') {
    return [state, [{ kind: 'peer-candidate', key, candidate: event.candidate }]];
  }
  return [state, [{ kind: 'peer-description', key, description: event.description }]];
}

function onServer(state: CallState, event: ServerEvent): Step {
  switch (event.kind) {
    case 'joined':
      return onJoined(state, event.joined);
    case 'others':
      return othersNamed(state, event.people);
    case 'user-joined':
      return onUserJoined(state, event);
    case 'user-left':
      return userLeft(state, event.socketId, event.reason);
    case 'description':
    case 'candidate':
      return onRelayed(state, event);
    case 'call-running':
      return [{ ...state, runningSince: event.startTime, callError: '' }, []];
    case 'call-ended':
      return close(state, { kind: 'ended', minutes: event.minutes });
    case 'join-error':
      return refused(state, joinRefusal(event.error), 0);
    case 'call-error':
      return [{ ...state, callError: event.error }, []];
    case 'signaling-error':
      // The path's own state decides what to do; the text is for people who write clients.
      return [state, []];
    case 'access-revoked':
      if (event.reason === 'token_expired') return renew(state);
      if (event.reason === 'unavailable') return retry(state, 'unreachable', 0);
      return close(state, { kind: 'revoked', reason: event.reason });
  }
}

function onPath(state: CallState, key: string, path: Path): Step {
  const remote = state.remotes.find((each) => each.key === key);
  if (!remote?.opened) return [state, []];
  const next = withRemote(state, { ...remote, path });
  if (path !== 'interrupted' && path !== 'failed') return [next, []];
  if (path === 'failed' && remote.presence === 'away') return without(next, key);
  // Without signalling a restart reaches nobody; the rejoin brings one.
  if (state.phase !== 'joined' || remote.presence !== 'here') return [next, []];
  const patience = path === 'interrupted' ? INTERRUPTED_MS : 0;
  const ms = patience + (remote.weOffer ? 0 : SECOND_RESTART_MS);
  return [next, [{ kind: 'peer-restart', key, ms }]];
}

function onRetry(state: CallState, turn: number): Step {
  if (turn !== state.turn || state.phase === 'joined') return [state, []];
  // `connect` on a live connection is a no-op, and `join-room` on a dead one is dropped.
  return [state, [{ kind: 'connect' }, send({ name: 'join-room', body: state.room })]];
}

function onRenewed(state: CallState, token: string): Step {
  const connected = state.phase === 'joined' || state.phase === 'joining';
  if (connected) return [state, [send({ name: 'auth:refresh', body: { token } })]];
  return [state, [{ kind: 'connect' }]];
}

function onAwayOver(state: CallState, key: string, socketId: string): Step {
  const remote = state.remotes.find((each) => each.key === key);
  const still = remote?.presence === 'away' && remote.person.socketId === socketId;
  return still ? without(state, key) : [state, []];
}

export function reduce(state: CallState, event: CallEvent): Step {
  if (event.kind === 'join') {
    if (state.phase !== 'idle' && state.phase !== 'closed') return [state, []];
    const { room, nextKey, turn } = state;
    return [
      { ...initialState(room), nextKey, turn: turn + 1, phase: 'connecting' },
      [{ kind: 'connect' }],
    ];
  }
  if (state.phase === 'idle' || state.phase === 'closed') return [state, []];
  switch (event.kind) {
    case 'leave':
      return close(state, { kind: 'left' }, [send({ name: 'leave-room', body: state.room })]);
    case 'end':
      return [{ ...state, callError: '' }, [send({ name: 'end-call', body: state.room })]];
    case 'link':
      return onLink(state, event.link);
    case 'server':
      return onServer(state, event.event);
    case 'path':
      return onPath(state, event.key, event.path);
    case 'renewed':
      return onRenewed(state, event.token);
    case 'renew-unreachable':
      return retry({ ...state, renewals: 0 }, 'unreachable', 0);
    case 'renew-refused':
      return close(state, { kind: 'refused', refusal: 'token_expired' });
    case 'retry':
      return onRetry(state, event.turn);
    case 'away-over':
      return onAwayOver(state, event.key, event.socketId);
  }
}
