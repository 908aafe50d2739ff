// SPDX-License-Identifier: Apache-2.0
import type { LocalMedia, Right } from '@stillroom/client';
import { useLocalMedia } from '@stillroom/react';
import { type ReactNode, useEffect } from 'react';
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

function whenOf(right: Right, texts: Texts): string | null {
  if (right.start === 0) return null;
  const start = new Date(right.start);
  const day = new Intl.DateTimeFormat(texts.lang, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  });
  const time = new Intl.DateTimeFormat(texts.lang, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return texts.lobby.when(day.format(start), time.format(start), right.minutes);
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
  const title = right.user.name ? lobby.hello(right.user.name) : lobby.helloNobody;
  const heading = useArrival(title);
  const when = whenOf(right, texts);
  const retry = (kind: 'camera' | 'microphone'): void =>
    void (kind === 'camera' ? media.setCamera('on') : media.setMicrophone('on'));
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
            <p className={css['lead']}>{lobby.lead}</p>
          </header>
          <div className={css['fields']}>
            <DeviceSelect kind="camera" media={media} local={local} />
            <DeviceSelect kind="microphone" media={media} local={local} />
            <LevelMeter
              track={local.microphone === 'on' ? local.microphoneTrack : null}
              label={lobby.level}
            />
          </div>
          <Notices notices={deviceNotices(local, texts, retry)} />
          <button
            type="button"
            className={css['join']}
            onClick={onJoin}
            disabled={local.camera === 'starting' && local.microphone === 'starting'}
            data-testid="join"
          >
            {lobby.join}
          </button>
          <p className={css['privacy']}>{lobby.privacy}</p>
        </section>
      </div>
    </main>
  );
}
