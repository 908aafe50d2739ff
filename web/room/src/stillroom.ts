// SPDX-License-Identifier: Apache-2.0
// Puts the parts together for this page: one right, one media, one call.
import {
  Call,
  LocalMedia,
  type Measurement,
  type OpenFailure,
  openRight,
  type Right,
  socketTransport,
} from '@stillroom/client';
import { stayLoggedIn } from './stay_logged_in.ts';

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
    transport: socketTransport({
      token: () => keeper.credential(),
      returnPass: right.returnPass,
      keepPass: (returnPass) => keeper.keepPass(returnPass),
    }),
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
