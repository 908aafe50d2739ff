// SPDX-License-Identifier: Apache-2.0
import { watchLevel } from '@stillroom/client';
import { useEffect, useState } from 'react';

/** How loud `track` is, from 0 to 1; 0 without one. */
export function useLevel(track: MediaStreamTrack | null): number {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    if (!track) return undefined;
    const stop = watchLevel(track, setLevel);
    return () => {
      stop();
      setLevel(0);
    };
  }, [track]);
  return level;
}
