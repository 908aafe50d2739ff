// SPDX-License-Identifier: Apache-2.0
import type { Call, CallView, LocalMedia, LocalState } from '@stillroom/client';
import { useCallback, useSyncExternalStore } from 'react';

/** The call as it is now; a new object on every change, so it can be compared. */
export function useCall(call: Call): CallView {
  const subscribe = useCallback((changed: () => void) => call.changes.on(changed), [call]);
  return useSyncExternalStore(subscribe, () => call.view);
}

export function useLocalMedia(media: LocalMedia): LocalState {
  const subscribe = useCallback((changed: () => void) => media.changes.on(changed), [media]);
  return useSyncExternalStore(subscribe, () => media.state);
}
