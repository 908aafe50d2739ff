// SPDX-License-Identifier: Apache-2.0
// What the server says, as types. `parse.ts` is the only way to make one from raw JSON.

export type Role = 'client' | 'therapist' | 'admin' | 'interpreter' | 'observer';

export interface Person {
  readonly socketId: string;
  readonly userId: string;
  readonly userName: string;
  readonly role: Role;
  /** Absent from servers that know no seats; then the user id alone tells people apart. */
  readonly seatId?: string;
}

export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

export type IcePolicy = 'all' | 'relay';

export interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

/** `null` says that the sender has no more candidates (RFC 8838 §8.2). */
export type Candidate = {
  readonly candidate: string;
  readonly sdpMid?: string | null;
  readonly sdpMLineIndex?: number | null;
  readonly usernameFragment?: string | null;
} | null;

export type ServerEvent =
  | { readonly kind: 'joined'; readonly joined: Joined }
  | { readonly kind: 'others'; readonly people: readonly Person[] }
  | { readonly kind: 'user-joined'; readonly person: Person }
  | { readonly kind: 'user-left'; readonly socketId: string; readonly reason: string }
  | { readonly kind: 'description'; readonly from: string; readonly description: Description }
  | { readonly kind: 'candidate'; readonly from: string; readonly candidate: Candidate }
  | { readonly kind: 'call-running'; readonly startTime: number }
  | { readonly kind: 'call-ended'; readonly minutes: number }
  | { readonly kind: 'join-error'; readonly error: string; readonly code: string }
  | { readonly kind: 'call-error'; readonly error: string; readonly code: string }
  | { readonly kind: 'signaling-error'; readonly error: string; readonly code: string }
  | { readonly kind: 'access-revoked'; readonly reason: string };

export interface Joined {
  readonly roomId: string;
  readonly role: Role;
  readonly seatId: string;
  readonly iceServers: readonly IceServer[];
  readonly policy: IcePolicy;
}

/** Names on the wire, in one place so that the transport can listen to all of them. */
export const SERVER_EVENT_NAMES = [
  'join-success',
  'existing-participants',
  'user-joined',
  'user-left',
  'offer',
  'answer',
  'ice-candidate',
  'call-started',
  'call-status',
  'call-ended',
  'join-error',
  'call-error',
  'signaling-error',
  'access:revoked',
] as const;

export type ServerEventName = (typeof SERVER_EVENT_NAMES)[number];

export interface RoomRef {
  readonly roomId: string;
  readonly sessionId: string;
}

/** What we may say. The transport adds nothing and drops nothing. */
export type ClientEvent =
  | { readonly name: 'join-room'; readonly body: RoomRef }
  | { readonly name: 'leave-room'; readonly body: RoomRef }
  | { readonly name: 'end-call'; readonly body: RoomRef }
  | {
      readonly name: 'offer';
      readonly body: { readonly offer: Description; readonly to: string; readonly roomId: string };
    }
  | {
      readonly name: 'answer';
      readonly body: { readonly answer: Description; readonly to: string; readonly roomId: string };
    }
  | {
      readonly name: 'ice-candidate';
      readonly body: {
        readonly candidate: Candidate;
        readonly to: string;
        readonly roomId: string;
      };
    }
  | { readonly name: 'ice-servers'; readonly body: { readonly roomId: string } }
  | { readonly name: 'auth:refresh'; readonly body: { readonly token: string } };
