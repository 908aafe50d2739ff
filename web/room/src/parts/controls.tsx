// SPDX-License-Identifier: Apache-2.0
import type { LocalMedia, LocalState } from '@stillroom/client';
import type { ReactNode } from 'react';
import { useTexts } from '../texts_context.ts';
import css from './controls.module.css';
import { Icon, type IconName } from './icons.tsx';

interface ControlProps {
  readonly id: string;
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly tone?: 'plain' | 'off' | 'active' | 'danger';
  readonly state?: 'on' | 'off';
  readonly disabled?: boolean;
}

/** The label says what a press does, so there is no pressed state to get wrong. */
export function Control(props: ControlProps): ReactNode {
  const { id, icon, label, onClick, tone = 'plain', state, disabled = false } = props;
  return (
    <button
      type="button"
      className={css[tone]}
      onClick={onClick}
      disabled={disabled}
      data-testid={id}
      data-state={state}
    >
      <span className={css['disc']}>
        <Icon name={icon} />
      </span>
      <span className={css['label']}>{label}</span>
    </button>
  );
}

interface MediaControlsProps {
  readonly media: LocalMedia;
  readonly local: LocalState;
}

export function MediaControls({ media, local }: MediaControlsProps): ReactNode {
  const { controls } = useTexts();
  // While a device starts it is shown as it will be, not as one that failed.
  const speaking = local.microphone === 'on' || local.microphone === 'starting';
  const seen = local.camera === 'on' || local.camera === 'starting';
  return (
    <>
      <Control
        id="mute"
        icon={speaking ? 'microphone' : 'microphoneOff'}
        label={speaking ? controls.mute : controls.unmute}
        tone={speaking ? 'plain' : 'off'}
        state={speaking ? 'on' : 'off'}
        disabled={local.microphone === 'starting'}
        onClick={() => void media.setMicrophone(speaking ? 'off' : 'on')}
      />
      <Control
        id="camera"
        icon={seen ? 'camera' : 'cameraOff'}
        label={seen ? controls.cameraOff : controls.cameraOn}
        tone={seen ? 'plain' : 'off'}
        state={seen ? 'on' : 'off'}
        disabled={local.camera === 'starting'}
        onClick={() => void media.setCamera(seen ? 'off' : 'on')}
      />
    </>
  );
}
