// SPDX-License-Identifier: Apache-2.0
import type { Call, CallView, LocalMedia } from '@stillroom/client';
import { useLocalMedia } from '@stillroom/react';
import { type ReactNode, useCallback, useState } from 'react';
import { statusOf } from '../describe.ts';
import controlsCss from '../parts/controls.module.css';
import { Control, MediaControls } from '../parts/controls.tsx';
import { DevicesSheet } from '../parts/devices_sheet.tsx';
import { Elapsed } from '../parts/elapsed.tsx';
import { EndSheet } from '../parts/end_sheet.tsx';
import { Notices } from '../parts/notices.tsx';
import { RemoteTile } from '../parts/remote_tile.tsx';
import { SelfView } from '../parts/self_view.tsx';
import { useArrival } from '../parts/use_arrival.ts';
import { useWakeLock } from '../parts/use_wake_lock.ts';
import { useTexts } from '../texts_context.ts';
import css from './stage.module.css';
import { useStageNotices } from './stage_notices.ts';

interface StageProps {
  readonly call: Call;
  readonly view: CallView;
  readonly media: LocalMedia;
}

export function Stage({ call, view, media }: StageProps): ReactNode {
  const texts = useTexts();
  const local = useLocalMedia(media);
  const status = statusOf(view, texts);
  const alone = view.remotes.length === 0;
  // No names in the title: it stays behind in the browser's history.
  const heading = useArrival(alone ? texts.status.waiting : texts.status.together);
  const [blocked, setBlocked] = useState<ReadonlyMap<string, () => void>>(new Map());
  const onBlocked = useCallback((key: string, play: (() => void) | null) => {
    setBlocked((before) => {
      if (!play && !before.has(key)) return before;
      const after = new Map(before);
      if (play) after.set(key, play);
      else after.delete(key);
      return after;
    });
  }, []);
  const [sheet, setSheet] = useState<'none' | 'devices' | 'end'>('none');
  const { notices, share } = useStageNotices({ call, view, media, local, blocked });
  const closeSheet = useCallback(() => setSheet('none'), []);
  useWakeLock();
  const lead = view.departed.length > 0 ? texts.status.leftLead : texts.status.waitingLead;
  return (
    <main className={css['stage']}>
      <h1 className="visually-hidden" ref={heading} tabIndex={-1}>
        {alone ? texts.status.waiting : texts.status.together}
      </h1>
      <header className={css['top']}>
        <p
          className={css['status']}
          role="status"
          data-testid="status"
          data-state={status.id}
          data-tone={status.tone}
        >
          {status.text}
        </p>
        <Elapsed since={view.runningSince} label={texts.status.elapsed} />
      </header>
      <Notices notices={notices} />
      <div className={css['room']} data-alone={alone}>
        {alone ? (
          <div className={css['empty']}>
            <p className={css['breath']} aria-hidden="true" />
            <p>{view.phase === 'joined' ? lead : status.text}</p>
          </div>
        ) : (
          <div className={css['people']} data-count={Math.min(view.remotes.length, 4)}>
            {view.remotes.map((remote) => (
              <RemoteTile key={remote.key} remote={remote} onBlocked={onBlocked} />
            ))}
          </div>
        )}
        <div className={css['self']}>
          <SelfView local={local} size="small" />
        </div>
      </div>
      <nav className={controlsCss['bar']} aria-label={texts.controls.label}>
        <MediaControls media={media} local={local} />
        {local.canShare && (
          <Control
            id="share"
            icon="share"
            label={local.sharing ? texts.controls.stopShare : texts.controls.share}
            tone={local.sharing ? 'active' : 'plain'}
            state={local.sharing ? 'on' : 'off'}
            onClick={share}
          />
        )}
        <Control
          id="devices"
          icon="devices"
          label={texts.controls.devices}
          onClick={() => setSheet('devices')}
        />
        <Control
          id="leave"
          icon="leave"
          label={texts.controls.leave}
          onClick={() => call.leave()}
        />
        {view.role === 'therapist' && (
          <Control
            id="end"
            icon="end"
            label={texts.controls.end}
            tone="danger"
            onClick={() => setSheet('end')}
          />
        )}
      </nav>
      {sheet === 'devices' && <DevicesSheet media={media} local={local} onClose={closeSheet} />}
      {sheet === 'end' && <EndSheet onClose={closeSheet} onEnd={() => call.end()} />}
    </main>
  );
}
