// SPDX-License-Identifier: Apache-2.0
import type { LocalMedia, LocalState } from '@stillroom/client';
import type { ReactNode } from 'react';
import { useTexts } from '../texts_context.ts';
import { DeviceSelect } from './device_select.tsx';
import { LevelMeter } from './level_meter.tsx';
import css from './sheet.module.css';
import { Sheet } from './sheet.tsx';

interface DevicesSheetProps {
  readonly media: LocalMedia;
  readonly local: LocalState;
  readonly onClose: () => void;
}

export function DevicesSheet({ media, local, onClose }: DevicesSheetProps): ReactNode {
  const { controls, lobby } = useTexts();
  return (
    <Sheet title={controls.devices} onClose={onClose}>
      <DeviceSelect kind="camera" media={media} local={local} />
      <DeviceSelect kind="microphone" media={media} local={local} />
      <LevelMeter
        track={local.microphone === 'on' ? local.microphoneTrack : null}
        label={lobby.level}
      />
      <div className={css['actions']}>
        <button type="button" className={css['primary']} onClick={onClose}>
          {controls.close}
        </button>
      </div>
    </Sheet>
  );
}
