// SPDX-License-Identifier: Apache-2.0
import { useLevel } from '@stillroom/react';
import type { ReactNode } from 'react';
import css from './level_meter.module.css';

const BARS = 14;

/** Seen, not announced: a number that changes ten times a second is noise to a screen reader. */
export function LevelMeter({
  track,
  label,
}: {
  readonly track: MediaStreamTrack | null;
  readonly label: string;
}): ReactNode {
  const lit = Math.round(useLevel(track) * BARS);
  return (
    <div className={css['meter']} role="img" aria-label={label} data-testid="level">
      {Array.from({ length: BARS }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are their positions
        <span key={index} className={index < lit ? css['lit'] : css['bar']} />
      ))}
    </div>
  );
}
