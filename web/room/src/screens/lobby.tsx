// SPDX-License-Identifier: Apache-2.0
import type { LocalMedia, Right } from '@stillroom/client';
import { useLocalMedia } from '@stillroom/react';
import { type ReactNode, useEffect } from 'react';
import { DAY, TIME, written } from '../dates.ts';
import { deviceNotices } from '../describe.ts';
import { MediaControls } from '../parts/controls.tsx';
import { DeviceSelect } from '../parts/device_select.tsx';
import { LevelMeter } from '../parts/level_meter.tsx';
import { Mark } from '../parts/mark.tsx';
import { Notices } from '../parts/notices.tsx';
import { SelfView } from '../parts/self_view.tsx';
import { useArrival } from '../parts/use_arrival.ts';
import type { Texts } from '../texts.ts';
import { useTexts } from '../texts_context.ts';
import css from './lobby.module.css';

const NAME_CHARS_UNBROKEN_MAX = 24;

/** A short name stays on one line of the heading. */
function unbroken(name: string): string {
  return name.length <= NAME_CHARS_UNBROKEN_MAX ? name.replaceAll(' ', '\u00a0') : name;
}

function whenOf(right: Right, texts: Texts): string | null {
  if (right.start === 0) return null;
  const format = (style: Intl.DateTimeFormatOptions): string =>
    written(texts.lang, right.start, style);
  return texts.lobby.when(format(DAY), format(TIME), right.minutes);
}

interface LobbyProps {
  readonly right: Right;
  readonly media: LocalMedia;
  readonly onJoin: () => void;
}

export function Lobby({ right, media, onJoin }: LobbyProps): ReactNode {
  const texts = useTexts();
  const { lobby } = texts;
  const local = useLocalMedia(media);
  useEffect(() => {
    void media.start();
  }, [media]);
  const title = right.user.name ? lobby.hello(unbroken(right.user.name)) : lobby.helloNobody;
  const heading = useArrival(title);
  const when = whenOf(right, texts);
  const retry = (kind: 'camera' | 'microphone'): void =>
    void (kind === 'camera' ? media.setCamera('on') : media.setMicrophone('on'));
  const notices = deviceNotices(local, texts, retry);
  return (
    <main className={css['page']}>
      <Mark />
      <div className={css['columns']}>
        <section className={css['mirror']}>
          <SelfView local={local} size="large" />
          <div className={css['toggles']}>
            <MediaControls media={media} local={local} />
          </div>
        </section>
        <section className={css['words']}>
          <header>
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            {when && <p className={css['when']}>{when}</p>}
            {notices.length === 0 && <p className={css['lead']}>{lobby.lead}</p>}
          </header>
          <Notices notices={notices} />
          <div className={css['fields']}>
            <DeviceSelect kind="camera" media={media} local={local} />
            <DeviceSelect kind="microphone" media={media} local={local} />
            <LevelMeter
              track={local.microphone === 'on' ? local.microphoneTrack : null}
              label={lobby.level}
            />
          </div>
          <div className={css['go']}>
            <button
              type="button"
              className={css['join']}
              onClick={onJoin}
              disabled={local.camera === 'starting' && local.microphone === 'starting'}
              data-testid="join"
            >
              {lobby.join}
            </button>
          </div>
          <p className={css['privacy']}>{lobby.privacy}</p>
        </section>
      </div>
    </main>
  );
}
