// SPDX-License-Identifier: Apache-2.0
// What a call is, as a value. `reduce.ts` says how it changes.
import type { Path } from '../media/peer.ts';
import type {
  Candidate,
  ClientEvent,
  Description,
  IcePolicy,
  IceServer,
  Joined,
  Person,
  RoomRef,
  ServerEvent,
} from '../protocol/events.ts';
import type { Refusal } from '../protocol/refusals.ts';
import type { LinkEvent } from '../transport/transport.ts';

export type Phase = 'idle' | 'connecting' | 'joining' | 'joined' | 'reconnecting' | 'closed';

/**
 * `here`: the server seats them. `unconfirmed`: we lost the server and do not know. `away`: the
 * server does not seat them just now, but the media between us may still run.
 */
export type Presence = 'here' | 'unconfirmed' | 'away';

export interface Remote {
  /** Ours, and stable while socket and seat ids change under a reconnect. */
  readonly key: string;
  readonly person: Person;
  readonly presence: Presence;
  readonly path: Path;
  readonly opened: boolean;
  /** We are the newcomer of this pair: offers, and restarts, are ours to make first. */
  readonly weOffer: boolean;
}

/** Somebody who was in the room with us and is not now. */
export interface Departed {
  readonly userId: string;
  readonly name: string;
}

export type Closed =
  | { readonly kind: 'left' }
  | { readonly kind: 'ended'; readonly minutes: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'revoked'; readonly reason: string };

export interface CallState {
  readonly phase: Phase;
  readonly room: RoomRef;
  readonly joined: Joined | null;
  readonly remotes: readonly Remote[];
  /** In the order of going, until they are back. */
  readonly departed: readonly Departed[];
  /** Milliseconds since the epoch, 0 while the call does not run. */
  readonly runningSince: number;
  readonly closed: Closed | null;
  /** The last connect found nobody; the page says so instead of waiting in silence. */
  readonly unreachable: boolean;
  readonly callError: string;
  readonly renewals: number;
  /** Retries since the last success. */
  readonly retries: number;
  /** Names the retry timer that is still meant: an older one must not join a second time. */
  readonly turn: number;
  readonly nextKey: number;
}

export type CallEvent =
  | { readonly kind: 'join' }
  | { readonly kind: 'leave' }
  | { readonly kind: 'end' }
  | { readonly kind: 'link'; readonly link: LinkEvent }
  | { readonly kind: 'server'; readonly event: ServerEvent }
  | { readonly kind: 'path'; readonly key: string; readonly path: Path }
  | { readonly kind: 'renewed'; readonly token: string }
  | { readonly kind: 'renew-refused' }
  | { readonly kind: 'renew-unreachable' }
  | { readonly kind: 'retry'; readonly turn: number }
  | { readonly kind: 'away-over'; readonly key: string; readonly socketId: string };

export type Effect =
  | { readonly kind: 'connect' }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'send'; readonly event: ClientEvent }
  | { readonly kind: 'renew' }
  | { readonly kind: 'retry-later'; readonly ms: number; readonly turn: number }
  | {
      readonly kind: 'away-later';
      readonly ms: number;
      readonly key: string;
      readonly socketId: string;
    }
  | {
      readonly kind: 'ice';
      readonly iceServers: readonly IceServer[];
      readonly policy: IcePolicy;
    }
  | PeerEffect;

export type PeerEffect =
  | {
      readonly kind: 'peer-open' | 'peer-continue';
      readonly key: string;
      readonly to: string;
      readonly weOffer: boolean;
    }
  | { readonly kind: 'peer-restart'; readonly key: string; readonly ms: number }
  | { readonly kind: 'peer-close'; readonly key: string }
  | { readonly kind: 'peer-description'; readonly key: string; readonly description: Description }
  | { readonly kind: 'peer-candidate'; readonly key: string; readonly candidate: Candidate };

export type Step = readonly [CallState, readonly Effect[]];

export function initialState(room: RoomRef): CallState {
  return {
    phase: 'idle',
    room,
    joined: null,
    remotes: [],
    departed: [],
    runningSince: 0,
    closed: null,
    unreachable: false,
    callError: '',
    renewals: 0,
    retries: 0,
    turn: 0,
    nextKey: 1,
  };
}
