// SPDX-License-Identifier: Apache-2.0
import type { LocalState } from '@stillroom/client';
import { usePlayer } from '@stillroom/react';
import { type ReactNode, useMemo } from 'react';
import { useTexts } from '../texts_context.ts';
import { Icon } from './icons.tsx';
import css from './self_view.module.css';

interface SelfViewProps {
  readonly local: LocalState;
  readonly size: 'large' | 'small';
}

/** Our own picture, mirrored as people know themselves. What is sent is not mirrored. */
export function SelfView({ local, size }: SelfViewProps): ReactNode {
  const { lobby, people } = useTexts();
  const { cameraTrack } = local;
  const stream = useMemo(
    () => (cameraTrack ? new MediaStream([cameraTrack]) : null),
    [cameraTrack],
  );
  const { attach } = usePlayer(stream);
  const words = local.camera === 'starting' ? lobby.cameraStarting : lobby.cameraOff;
  return (
    <div className={css[size]} data-camera={cameraTrack ? 'on' : 'off'}>
      <video
        ref={attach}
        muted
        playsInline
        aria-label={people.ownPicture}
        hidden={!cameraTrack}
        data-testid="self-video"
      />
      {!cameraTrack && (
        <p className={css['placeholder']}>
          {size === 'small' && <Icon name="cameraOff" />}
          <span className={size === 'small' ? 'visually-hidden' : undefined}>{words}</span>
        </p>
      )}
      {size === 'small' && (
        <p className={css['name']}>{local.sharing ? people.youShare : people.you}</p>
      )}
    </div>
  );
}
