// SPDX-License-Identifier: Apache-2.0
// From what the call is to what the page says. Pure, so that each sentence can be tested.
import type { CallView, Closed, DeviceKind, LocalState, RemoteView } from '@stillroom/client';
import { DEVICE_FAILURES } from '@stillroom/client';
import type { Texts } from './texts.ts';

export type Tone = 'calm' | 'busy' | 'warn';

export interface StatusLine {
  readonly id: string;
  readonly tone: Tone;
  readonly text: string;
}

export interface Notice {
  readonly id: string;
  readonly text: string;
  /** What the person can do about it right there. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

export function nameOf(remote: RemoteView, texts: Texts): string {
  return remote.name || texts.people.nameless;
}

/** In the place of a picture that is not sent: what we were told, and nothing we only suppose. */
export function pictureless(remote: RemoteView, texts: Texts): string | null {
  const { note, path } = remote;
  if (path !== 'connected' || note?.camera !== 'off' || note.screen !== 'off') return null;
  const { cameraOff, cameraAndMicrophoneOff } = texts.people;
  const say = note.microphone === 'off' ? cameraAndMicrophoneOff : cameraOff;
  return say(nameOf(remote, texts));
}

function lineTo(remote: RemoteView, texts: Texts): StatusLine {
  const name = nameOf(remote, texts);
  const { status } = texts;
  switch (remote.path) {
    case 'connected':
      if (remote.quality === 'weak') return { id: 'weak', tone: 'warn', text: status.weak };
      if (remote.presence === 'away') return { id: 'away', tone: 'busy', text: status.away(name) };
      return { id: 'connected', tone: 'calm', text: status.connected };
    case 'interrupted':
      return { id: 'interrupted', tone: 'warn', text: status.interrupted(name) };
    case 'failed':
      return { id: 'failed', tone: 'warn', text: status.failed(name) };
    case 'new':
    case 'connecting':
      return { id: 'connecting', tone: 'busy', text: status.connecting(name) };
  }
}

/** With several people the line that is worst off is the one to tell about. */
function worst(lines: readonly StatusLine[]): StatusLine | undefined {
  const rank: Readonly<Record<Tone, number>> = { warn: 2, busy: 1, calm: 0 };
  return lines.toSorted((a, b) => rank[b.tone] - rank[a.tone])[0];
}

export function statusOf(view: CallView, texts: Texts): StatusLine {
  const { status } = texts;
  if (view.phase === 'reconnecting') {
    const mediaOn = view.remotes.some((remote) => remote.path === 'connected');
    if (mediaOn) return { id: 'media-on', tone: 'busy', text: status.reconnectingMediaOn };
    return { id: 'reconnecting', tone: 'warn', text: status.reconnecting };
  }
  if (view.phase !== 'joined') {
    if (view.unreachable) return { id: 'unreachable', tone: 'warn', text: status.unreachable };
    return { id: 'joining', tone: 'busy', text: status.joining };
  }
  const line = worst(view.remotes.map((remote) => lineTo(remote, texts)));
  const gone = view.departed.map((name) => name || texts.people.nameless);
  if (gone.length === 0) return line ?? { id: 'waiting', tone: 'busy', text: status.waiting };
  if (!line) return { id: 'left', tone: 'busy', text: status.left(gone) };
  if (line.id !== 'connected') return line;
  return { ...line, text: status.connectedWithout(gone) };
}

export interface Ending {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** The words on the way back, or null where there is none. */
  readonly again: string | null;
}

/** Refusals of the right itself: whoever came by a log-in needs a new one, and no link. */
const OF_THE_RIGHT: ReadonlySet<string> = new Set([
  'token_missing',
  'token_invalid',
  'token_expired',
  'token_revoked',
  'role_changed',
]);

/** The log-in is over, and with it the way back. */
export function isLoggedOut(closed: Closed): boolean {
  if (closed.kind === 'revoked') return OF_THE_RIGHT.has(closed.reason);
  return closed.kind === 'refused' && OF_THE_RIGHT.has(closed.refusal);
}

/** Whether somebody shut the person out: no other page has more for them. */
export function isShutOut(closed: Closed): boolean {
  const why = closed.kind === 'revoked' ? closed.reason : 'refusal' in closed ? closed.refusal : '';
  return why === 'user_inactive';
}

/** Refusals that the same link can outlive. */
const WORTH_TRYING: ReadonlySet<string> = new Set([
  'unpaid',
  'join_failed',
  'too_early',
  'room_full',
  'room_locked',
  'entry_denied',
  'rate_limited',
  'unreachable',
  'unknown',
]);

export function endingOf(closed: Closed, texts: Texts): Ending {
  const { over } = texts;
  switch (closed.kind) {
    case 'left':
      return { id: 'left', title: over.leftTitle, text: over.left, again: over.again };
    case 'ended': {
      const text = `${over.ended(closed.minutes)} ${over.closePage}`;
      return { id: 'ended', title: over.endedTitle, text, again: null };
    }
    case 'revoked': {
      const text = texts.revoked[closed.reason] ?? texts.revokedOther;
      const again = closed.reason === 'replaced' ? over.again : null;
      return { id: closed.reason || 'revoked', title: over.revokedTitle, text, again };
    }
    case 'refused': {
      const { refusal } = closed;
      const ended = refusal === 'session_ended';
      return {
        id: refusal,
        title: ended ? over.endedTitle : over.refusedTitle,
        text: ended ? over.closePage : texts.refusal[refusal],
        again: WORTH_TRYING.has(refusal) ? over.tryAgain : null,
      };
    }
  }
}

export function deviceNotices(
  local: LocalState,
  texts: Texts,
  retry: (kind: DeviceKind) => void,
): readonly Notice[] {
  return (['microphone', 'camera'] as const).flatMap((kind) => {
    const failure = DEVICE_FAILURES.find((each) => each === local[kind]);
    if (!failure) return [];
    const text = texts.notice.device[kind][failure];
    const id = `${kind}-${failure}`;
    if (failure === 'insecure') return [{ id, text }];
    return [{ id, text, action: { label: texts.controls.retry, run: () => retry(kind) } }];
  });
}

export function clockOf(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
