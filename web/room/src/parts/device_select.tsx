// SPDX-License-Identifier: Apache-2.0
import type { DeviceKind, LocalMedia, LocalState } from '@stillroom/client';
import { type ReactNode, useId } from 'react';
import { useTexts } from '../texts_context.ts';
import css from './device_select.module.css';

interface DeviceSelectProps {
  readonly kind: DeviceKind;
  readonly media: LocalMedia;
  readonly local: LocalState;
}

export function DeviceSelect({ kind, media, local }: DeviceSelectProps): ReactNode {
  const { lobby } = useTexts();
  const id = useId();
  const devices = local.devices[kind];
  const track = kind === 'camera' ? local.cameraTrack : local.microphoneTrack;
  // What is in use, not what was wished for: a chosen device may be gone.
  const current = track?.getSettings().deviceId ?? local.choice[kind];
  return (
    <div className={css['field']}>
      <label htmlFor={id}>{lobby[kind]}</label>
      <select
        id={id}
        value={devices.some((device) => device.id === current) ? current : ''}
        disabled={devices.length === 0}
        onChange={(event) => void media.choose(kind, event.currentTarget.value)}
        data-testid={`${kind}-select`}
      >
        {!devices.some((device) => device.id === current) && (
          <option value="">{lobby.browserChoice}</option>
        )}
        {devices.map((device, index) => (
          <option key={device.id} value={device.id}>
            {device.label || lobby.nameless(kind, index + 1)}
          </option>
        ))}
      </select>
    </div>
  );
}
