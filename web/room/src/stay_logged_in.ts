// SPDX-License-Identifier: Apache-2.0
import type { Call, RightKeeper } from '@stillroom/client';

/** Signs of life in the time in which a log-in that nobody uses ends: one may be lost. */
const SIGNS_OF_LIFE = 3;

/** Whoever talks does not ask the server anything, and should find the way back after it. */
export function stayLoggedIn(
  keeper: Pick<RightKeeper, 'right' | 'renew'>,
  call: Pick<Call, 'view' | 'tokenRenewed'>,
): void {
  const { logIn, expiresAt, receivedAt } = keeper.right;
  if (logIn === undefined) return;
  const prolong = async (): Promise<void> => {
    if (call.view.phase === 'idle' || call.view.phase === 'closed') return;
    const fresh = await keeper.renew();
    if (typeof fresh !== 'string') call.tokenRenewed(fresh.token);
  };
  setInterval(() => void prolong(), (expiresAt - receivedAt) / SIGNS_OF_LIFE);
}
