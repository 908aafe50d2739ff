// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useState } from 'react';

export type Playback = 'idle' | 'playing' | 'blocked';

export interface Player {
  /** Give it to the `<video>` as its ref. */
  readonly attach: (element: HTMLVideoElement | null) => void;
  readonly playback: Playback;
  /** For the button that a blocked autoplay needs: must run inside a click. */
  readonly play: () => void;
}

/** Keeps a stream in a `<video>` and says when the browser refuses to play it by itself. */
export function usePlayer(stream: MediaStream | null): Player {
  const [element, attach] = useState<HTMLVideoElement | null>(null);
  const [playback, setPlayback] = useState<Playback>('idle');
  const play = useCallback(() => {
    if (!element?.srcObject) return;
    element.play().then(
      () => setPlayback('playing'),
      (error: unknown) => {
        // A new stream aborts the play of the old one; only a refusal needs a person.
        const refused = error instanceof DOMException && error.name === 'NotAllowedError';
        if (refused) setPlayback('blocked');
      },
    );
  }, [element]);
  useEffect(() => {
    if (!element) return;
    // oxlint-disable-next-line react/immutability -- a media element is driven by assignment
    element.srcObject = stream;
    if (stream) play();
  }, [element, stream, play]);
  return { attach, playback: stream ? playback : 'idle', play };
}
