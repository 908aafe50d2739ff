// SPDX-License-Identifier: Apache-2.0
// What a page needs to draw a call, and nothing that it could break.
import type { Path } from '../media/peer.ts';
import type { SideNote } from '../media/side_note.ts';
import type { Role } from '../protocol/events.ts';
import type { Connections } from './connections.ts';
import type { Quality } from './quality.ts';
import type { CallState, Closed, Phase, Presence } from './state.ts';

export interface RemoteView {
  readonly key: string;
  readonly name: string;
  readonly role: Role;
  readonly presence: Presence;
  readonly path: Path;
  readonly stream: MediaStream | null;
  /** Absent until they told us; other clients may never do. */
  readonly note: SideNote | null;
  readonly quality: Quality;
}

export interface CallView {
  readonly phase: Phase;
  readonly role: Role | null;
  readonly remotes: readonly RemoteView[];
  /** Who left and is not back, by name; empty names included. */
  readonly departed: readonly string[];
  readonly runningSince: number;
  readonly closed: Closed | null;
  readonly unreachable: boolean;
  readonly callError: string;
}

export function viewOf(state: CallState, connections: Connections): CallView {
  const remotes = state.remotes.map(({ key, person, presence, path }): RemoteView => {
    const { userName: name, role } = person;
    const known = connections.of(key) ?? { stream: null, note: null, quality: 'good' };
    return { key, name, role, presence, path, ...known };
  });
  const { phase, runningSince, closed, unreachable, callError } = state;
  const role = state.joined?.role ?? null;
  const departed = state.departed.map(({ name }) => name);
  return { phase, role, remotes, departed, runningSince, closed, unreachable, callError };
}
