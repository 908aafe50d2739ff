// SPDX-License-Identifier: Apache-2.0
// Puts the parts together for this page: one right, one media, one call.
import {
  Call,
  LocalMedia,
  type Measurement,
  type OpenFailure,
  openRight,
  type Right,
  type RightKeeper,
  socketTransport,
} from '@stillroom/client';

export interface Stillroom {
  readonly right: Right;
  readonly call: Call;
  readonly media: LocalMedia;
  /** There is no way back into this session: nothing of it stays in the tab. */
  readonly forget: () => void;
}

declare global {
  interface Window {
    /** What the browser measured, for support and for tests. */
    stillroomStats?: () => Promise<Measurement>;
  }
}

/** Signs of life in the time in which a log-in that nobody uses ends: one may be lost. */
const SIGNS_OF_LIFE = 3;

/** Whoever talks does not ask the server anything, and should find the way back after it. */
function stayLoggedIn(keeper: RightKeeper, call: Call): void {
  const { logIn, expiresAt, receivedAt } = keeper.right;
  if (logIn === undefined) return;
  const prolong = async (): Promise<void> => {
    if (call.view.phase === 'idle' || call.view.phase === 'closed') return;
    const fresh = await keeper.renew();
    if (typeof fresh !== 'string') call.tokenRenewed(fresh.token);
  };
  setInterval(() => void prolong(), (expiresAt - receivedAt) / SIGNS_OF_LIFE);
}

export async function openStillroom(hash: string): Promise<Stillroom | OpenFailure> {
  const keeper = await openRight(
    {
      storage: window.sessionStorage,
      fetch: (input, init) => window.fetch(input, init),
      origin: '',
      now: () => Date.now(),
    },
    hash,
  );
  if (typeof keeper === 'string') return keeper;
  const { right } = keeper;
  const media = new LocalMedia();
  const call = new Call({
    room: { roomId: right.roomId, sessionId: right.sessionId },
    transport: socketTransport({ token: () => keeper.credential() }),
    media,
    renew: () => keeper.renew(),
  });
  keeper.renewed.on((fresh) => call.tokenRenewed(fresh.token));
  stayLoggedIn(keeper, call);
  // A closed tab should not look like a lost line to the other person.
  window.addEventListener('pagehide', () => call.leave());
  window.stillroomStats = () => call.measure();
  return { right, call, media, forget: () => keeper.drop() };
}
