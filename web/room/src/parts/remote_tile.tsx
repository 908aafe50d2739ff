// SPDX-License-Identifier: Apache-2.0
import type { RemoteView } from '@stillroom/client';
import { usePlayer } from '@stillroom/react';
import { type ReactNode, useEffect } from 'react';
import { nameOf, pictureless } from '../describe.ts';
import { useTexts } from '../texts_context.ts';
import { Icon } from './icons.tsx';
import css from './remote_tile.module.css';

interface RemoteTileProps {
  readonly remote: RemoteView;
  /** Told when the browser refuses to play, with the way to play inside a click; null: it plays. */
  readonly onBlocked: (key: string, play: (() => void) | null) => void;
}

function letterOf(name: string): string {
  const first = name.trim().codePointAt(0);
  return first === undefined ? '·' : String.fromCodePoint(first).toLocaleUpperCase();
}

export function RemoteTile({ remote, onBlocked }: RemoteTileProps): ReactNode {
  const texts = useTexts();
  const { people } = texts;
  const { attach, playback, play } = usePlayer(remote.stream);
  const { key, note } = remote;
  useEffect(() => {
    onBlocked(key, playback === 'blocked' ? play : null);
    return () => onBlocked(key, null);
  }, [key, playback, play, onBlocked]);
  const name = nameOf(remote, texts);
  const noPicture = note !== null && note.camera === 'off' && note.screen === 'off';
  const words = pictureless(remote, texts);
  const covered = noPicture || !remote.stream || remote.path === 'new';
  return (
    <figure
      className={css['tile']}
      data-testid="remote"
      data-camera={note?.camera ?? 'unknown'}
      data-microphone={note?.microphone ?? 'unknown'}
      data-screen={note?.screen ?? 'unknown'}
      data-path={remote.path}
    >
      {/* biome-ignore lint/a11y/useMediaCaption: a live conversation has no captions to offer */}
      <video
        ref={attach}
        playsInline
        className={note?.screen === 'on' ? css['whole'] : css['filled']}
        aria-label={people.picture(name)}
        data-testid="remote-video"
      />
      {covered && (
        <div className={css['cover']}>
          <span className={css['letter']} aria-hidden="true">
            {letterOf(name)}
          </span>
          {words && <p>{words}</p>}
        </div>
      )}
      <figcaption className={css['name']}>
        {note?.microphone === 'off' && (
          <>
            <Icon name="microphoneOff" />
            <span className="visually-hidden">{people.muted(name)}</span>
          </>
        )}
        <bdi>{note?.screen === 'on' ? people.shares(name) : name}</bdi>
      </figcaption>
    </figure>
  );
}
