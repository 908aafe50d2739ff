// SPDX-License-Identifier: Apache-2.0
// @vitest-environment happy-dom
// The page over the real SDK; only the network below it and the devices are not there.
import {
  Call,
  LocalMedia,
  type OpenFailure,
  type Right,
  type TransportFactory,
} from '@stillroom/client';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { App } from './app.tsx';
import type { Stillroom } from './stillroom.ts';

type Listener = Parameters<TransportFactory>[0];

const RIGHT: Right = {
  token: 't',
  roomId: 'room-1',
  sessionId: 's-1',
  expiresAt: 0,
  receivedAt: 0,
  user: { id: 'u1', name: '<b>Maya</b>', role: 'client' },
  start: 0,
  minutes: 0,
};

const connections: FakePeerConnection[] = [];

class FakePeerConnection extends EventTarget {
  constructor() {
    super();
    connections.push(this);
  }
  signalingState = 'stable';
  connectionState = 'new';
  remoteDescription = null;
  localDescription = null;
  createDataChannel = (): EventTarget => Object.assign(new EventTarget(), { close: () => null });
  getTransceivers = (): never[] => [];
  addTransceiver = (): void => undefined;
  setLocalDescription = async (): Promise<void> => undefined;
  setConfiguration = (): void => undefined;
  getStats = async (): Promise<Map<string, unknown>> => new Map();
  close = (): void => undefined;
}

beforeAll(() => {
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
  vi.stubGlobal(
    'MediaStream',
    class {
      getTracks = (): never[] => [];
      addTrack = (): void => undefined;
    },
  );
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  Reflect.deleteProperty(navigator, 'mediaDevices');
});

class FakeTrack extends EventTarget {
  enabled = true;
  stop = (): void => undefined;
  getSettings = (): object => ({});
}

/** Devices that open, or fail with the DOMException that `failing` names for their kind. */
function plugIn(failing: { audio?: string; video?: string } = {}) {
  const given: Record<'audio' | 'video', FakeTrack[]> = { audio: [], video: [] };
  const getUserMedia = async (wanted: MediaStreamConstraints) => {
    const kinds = (['audio', 'video'] as const).filter((kind) => wanted[kind]);
    for (const kind of kinds) if (failing[kind]) throw new DOMException('no', failing[kind]);
    for (const kind of kinds) given[kind].push(new FakeTrack());
    const of = (kind: 'audio' | 'video') => (wanted[kind] ? given[kind].slice(-1) : []);
    return {
      getTracks: () => [...of('audio'), ...of('video')],
      getAudioTracks: () => of('audio'),
      getVideoTracks: () => of('video'),
    };
  };
  const value = Object.assign(new EventTarget(), {
    getUserMedia,
    enumerateDevices: async () => [],
  });
  Object.defineProperty(navigator, 'mediaDevices', { value, configurable: true });
  vi.spyOn(HTMLMediaElement.prototype, 'srcObject', 'set').mockReturnValue();
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
  return { given, failing };
}

interface Made {
  readonly opened: Stillroom;
  readonly server: Listener;
  readonly sent: string[];
  readonly forget: ReturnType<typeof vi.fn<() => void>>;
}

function stillroom(right: Right = RIGHT): Made {
  const forget = vi.fn<() => void>();
  const sent: string[] = [];
  let server: Listener | undefined;
  const media = new LocalMedia();
  const call = new Call({
    room: { roomId: 'room-1', sessionId: 's-1' },
    media,
    renew: async () => 'over' as const,
    transport: (listener) => {
      server = listener;
      return {
        connect: () => sent.push('connect'),
        disconnect: () => sent.push('disconnect'),
        send: (event) => sent.push(event.name),
        ask: async () => undefined,
      };
    },
  });
  if (!server) throw new Error('the call asked for no transport');
  return { opened: { right, call, media, forget }, server, sent, forget };
}

async function show(answer: Stillroom | OpenFailure): Promise<void> {
  const open = (): Promise<Stillroom | OpenFailure> => Promise.resolve(answer);
  await act(async () => {
    render(<App open={open} />);
  });
}

async function showRoom(role: 'client' | 'therapist' = 'client', right: Right = RIGHT) {
  const made = stillroom(right);
  await show(made.opened);
  await act(async () => fireEvent.click(screen.getByTestId('join')));
  act(() => {
    made.server.onLink({ kind: 'up', recovered: false });
    made.server.onServer({ kind: 'others', people: [] });
    made.server.onServer({
      kind: 'joined',
      joined: { roomId: 'room-1', role, seatId: 'x', iceServers: [], policy: 'all' },
    });
  });
  return made;
}

const other = {
  socketId: 's2',
  userId: 'u2',
  userName: '<img src=x onerror=alert(1)>',
  role: 'therapist',
} as const;

test('a_used_link_says_so_and_offers_nothing_to_press', async () => {
  await show('link_invalid');
  expect(screen.getByTestId('notice').textContent).toContain('Ask for a new one');
  expect(screen.queryByRole('button')).toBeNull();
});

test('without_devices_the_lobby_explains_and_still_lets_one_join', async () => {
  await show(stillroom().opened);
  expect(screen.getByTestId('notice').textContent).toContain('secure pages');
  expect(screen.getByTestId('join').hasAttribute('disabled')).toBe(false);
});

test('joining_waits_in_words', async () => {
  const { sent } = await showRoom();
  expect(sent).toEqual(['connect', 'join-room']);
  expect(screen.getByTestId('status').dataset['state']).toBe('waiting');
  expect(screen.queryByTestId('remote-video')).toBeNull();
});

test('who_left_is_named_until_they_return_and_the_focus_stays_where_it_was', async () => {
  const { server } = await showRoom();
  const status = (): string | undefined => screen.getByTestId('status').dataset['state'];
  screen.getByTestId('mute').focus();
  act(() => server.onServer({ kind: 'user-joined', person: { ...other, userName: 'Ines' } }));
  act(() => server.onServer({ kind: 'user-left', socketId: 's2', reason: 'left' }));
  expect(status()).toBe('left');
  expect(screen.getByTestId('status').textContent).toContain('Ines left.');
  expect(document.title).not.toContain('Ines');
  act(() => server.onServer({ kind: 'user-joined', person: { ...other, socketId: 's3' } }));
  expect(status()).not.toBe('left');
  expect(document.activeElement).toBe(screen.getByTestId('mute'));
});

test('names_are_text', async () => {
  const { server } = await showRoom();
  act(() => server.onServer({ kind: 'user-joined', person: other }));
  expect(document.querySelector('img')).toBeNull();
  expect(document.querySelector('b')).toBeNull();
  expect(screen.getByTestId('remote').textContent).toContain(other.userName);
});

test('only_a_therapist_sees_end_and_is_asked_before_it_happens', async () => {
  await showRoom('client');
  expect(screen.queryByTestId('end')).toBeNull();
  cleanup();
  const { sent } = await showRoom('therapist');
  fireEvent.click(screen.getByTestId('end'));
  expect(sent).not.toContain('end-call');
  fireEvent.click(screen.getByTestId('end-confirm'));
  expect(sent).toContain('end-call');
});

test('a_refusal_is_told_and_can_be_tried_again', async () => {
  const { server } = await showRoom();
  act(() => server.onServer({ kind: 'join-error', error: 'Room is locked', code: '' }));
  expect(screen.getByTestId('notice').dataset['notice']).toBe('room_locked');
  await act(async () => fireEvent.click(screen.getByTestId('again')));
  expect(screen.getByTestId('join')).toBeDefined();
});

test('the_end_is_told_and_focus_goes_to_its_heading', async () => {
  const { server, sent } = await showRoom();
  act(() => server.onServer({ kind: 'call-ended', minutes: 50 }));
  expect(screen.getByTestId('notice').textContent).toContain('50 minutes');
  expect(document.activeElement?.tagName).toBe('H1');
  expect(sent).toContain('disconnect');
});

test('leaving_can_be_taken_back', async () => {
  const { sent } = await showRoom();
  fireEvent.click(screen.getByTestId('leave'));
  expect(sent).toContain('leave-room');
  await act(async () => fireEvent.click(screen.getByTestId('again')));
  await act(async () => fireEvent.click(screen.getByTestId('join')));
  expect(sent.filter((each) => each === 'connect')).toHaveLength(2);
});

describe('a_right_that_leads_nowhere_any_more', () => {
  const over = {
    'the end': (server: Listener) => server.onServer({ kind: 'call-ended', minutes: 50 }),
    'a cancelled session': (server: Listener) =>
      server.onServer({ kind: 'access-revoked', reason: 'cancelled' }),
    'a refusal for good': (server: Listener) =>
      server.onServer({ kind: 'join-error', error: 'Session has ended', code: 'session_ended' }),
  };
  test.each(Object.entries(over))('leaves_the_tab_at_%s', async (_name, end) => {
    const { server, forget } = await showRoom();
    expect(forget).not.toHaveBeenCalled();
    act(() => end(server));
    expect(screen.queryByTestId('again')).toBeNull();
    expect(forget).toHaveBeenCalled();
  });

  test('stays_as_long_as_there_is_a_way_back', async () => {
    const { server, forget } = await showRoom();
    act(() => server.onServer({ kind: 'join-error', error: 'Room is full', code: 'room_full' }));
    expect(screen.getByTestId('again')).toBeDefined();
    expect(forget).not.toHaveBeenCalled();
  });
});

describe('who_came_by_a_log_in', () => {
  const right: Right = { ...RIGHT, token: '', logIn: 'name', expiresAt: 900_000 };
  const way = (): [string | null, string | null] => {
    const link = screen.getByTestId('way-on');
    return [link.getAttribute('href'), link.textContent];
  };

  test('finds_the_way_to_their_sessions_beside_the_way_back', async () => {
    await showRoom('client', right);
    fireEvent.click(screen.getByTestId('leave'));
    expect(way()).toEqual(['/home', 'To your sessions']);
    expect(screen.getByTestId('again')).toBeDefined();
  });

  test.each(['token_revoked', 'role_changed'])(
    'is_sent_to_log_in_again_when_that_has_ended_by_%s',
    async (reason) => {
      const { server } = await showRoom('client', right);
      act(() => server.onServer({ kind: 'access-revoked', reason }));
      expect(way()).toEqual(['/login', 'Log in']);
      expect(screen.getByTestId('notice').textContent).toContain('Your log-in has ended');
    },
  );
});

test('without_a_link_one_is_shown_the_way_to_log_in', async () => {
  await show('link_missing');
  expect(screen.getByTestId('way-on').getAttribute('href')).toBe('/login');
});

test('a_call_error_is_told_in_our_words', async () => {
  const { server } = await showRoom('therapist');
  act(() => server.onServer({ kind: 'call-error', error: 'Call not started', code: '' }));
  expect(screen.getByTestId('notice').textContent).toContain('nobody else has come');
});

test('sound_that_the_browser_holds_back_can_be_turned_on', async () => {
  let allowed = false;
  const play = vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(async () => {
    if (!allowed) throw new DOMException('a gesture first', 'NotAllowedError');
  });
  vi.spyOn(HTMLMediaElement.prototype, 'srcObject', 'get').mockReturnValue(new MediaStream());
  vi.spyOn(HTMLMediaElement.prototype, 'srcObject', 'set').mockReturnValue();
  const { server } = await showRoom();
  act(() => server.onServer({ kind: 'user-joined', person: other }));
  await act(async () => {
    connections.at(-1)?.dispatchEvent(Object.assign(new Event('track'), { track: {} }));
  });
  expect(screen.getByTestId('notice').textContent).toContain('holds the sound back');
  allowed = true;
  await act(async () => fireEvent.click(screen.getByText('Turn sound on')));
  expect(screen.getByTestId('notice').textContent).toBe('');
  expect(play).toHaveBeenCalledTimes(2);
});

const told = (): (string | undefined)[] =>
  [...document.querySelectorAll<HTMLElement>('[data-notice]')].map(
    (each) => each.dataset['notice'],
  );

describe.each([
  { kind: 'camera', input: 'video', control: 'camera' },
  { kind: 'microphone', input: 'audio', control: 'mute' },
] as const)('a_$kind', ({ kind, input, control }) => {
  test('that_is_lost_during_the_call_is_told_and_comes_back_when_asked', async () => {
    const { given, failing } = plugIn();
    await showRoom();
    expect(told()).toEqual([]);
    failing[input] = 'NotFoundError';
    act(() => void given[input].at(-1)?.dispatchEvent(new Event('ended')));
    expect(told()).toEqual([`${kind}-lost`]);
    expect(screen.getByTestId(control).dataset['state']).toBe('off');
    await act(async () => fireEvent.click(screen.getByText('Try again')));
    expect(told()).toEqual([`${kind}-absent`]);
    delete failing[input];
    await act(async () => fireEvent.click(screen.getByText('Try again')));
    expect(told()).toEqual([]);
    expect(screen.getByTestId(control).dataset['state']).toBe('on');
  });

  test('that_another_program_holds_is_told_and_opens_once_it_is_free', async () => {
    const { failing } = plugIn({ [input]: 'NotReadableError' });
    await show(stillroom().opened);
    expect(told()).toEqual([`${kind}-busy`]);
    expect(screen.getByTestId('notice').textContent).toContain(`using your ${kind}`);
    expect(screen.getByTestId('join').hasAttribute('disabled')).toBe(false);
    delete failing[input];
    await act(async () => fireEvent.click(screen.getByText('Try again')));
    expect(told()).toEqual([]);
    expect(screen.getByTestId(control).dataset['state']).toBe('on');
  });

  test('that_one_joined_without_is_not_told_again_until_it_is_asked_for', async () => {
    plugIn({ [input]: 'NotReadableError' });
    await showRoom();
    expect(told()).toEqual([]);
    await act(async () => fireEvent.click(screen.getByTestId(control)));
    expect(told()).toEqual([`${kind}-busy`]);
  });
});
