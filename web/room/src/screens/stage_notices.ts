// SPDX-License-Identifier: Apache-2.0
// What the stage has to say beside its status line, and what a person can do about it.
import type {
  Call,
  CallView,
  DeviceFailure,
  DeviceKind,
  LocalMedia,
  LocalState,
} from '@stillroom/client';
import { useCallback, useState } from 'react';
import { deviceNotices, type Notice } from '../describe.ts';
import { useTexts } from '../texts_context.ts';

interface StageNoticesInput {
  readonly call: Call;
  readonly view: CallView;
  readonly media: LocalMedia;
  readonly local: LocalState;
  readonly blocked: ReadonlyMap<string, () => void>;
}

interface StageNotices {
  readonly notices: readonly Notice[];
  readonly share: () => void;
}

/**
 * A failure that the person saw in the lobby and joined with is not told again, until something
 * about that device changes. Returned in the place of its state.
 */
function useKnownFailures(local: LocalState): Partial<Record<DeviceKind, 'off'>> {
  const [joinedWith] = useState({ microphone: local.microphone, camera: local.camera });
  const [changed, setChanged] = useState({ microphone: false, camera: false });
  const next = {
    microphone: changed.microphone || local.microphone !== joinedWith.microphone,
    camera: changed.camera || local.camera !== joinedWith.camera,
  };
  if (next.microphone !== changed.microphone || next.camera !== changed.camera) setChanged(next);
  return {
    ...(next.microphone ? {} : { microphone: 'off' }),
    ...(next.camera ? {} : { camera: 'off' }),
  };
}

export function useStageNotices(input: StageNoticesInput): StageNotices {
  const { call, view, media, local, blocked } = input;
  const texts = useTexts();
  const [shareFailure, setShareFailure] = useState<DeviceFailure | null>(null);
  const known = useKnownFailures(local);
  const share = useCallback(() => {
    setShareFailure(null);
    if (local.sharing) return media.stopSharing();
    return void call.shareScreen().then(setShareFailure);
  }, [call, media, local.sharing]);
  const notices: Notice[] = [];
  if (blocked.size > 0) {
    const run = (): void => {
      for (const play of blocked.values()) play();
    };
    const action = { label: texts.controls.play, run };
    notices.push({ id: 'autoplay', text: texts.notice.autoplay, action });
  }
  const retry = (kind: DeviceKind): void =>
    void (kind === 'camera' ? media.setCamera('on') : media.setMicrophone('on'));
  notices.push(...deviceNotices({ ...local, ...known }, texts, retry));
  // A person who closes the picker knows that nothing is shared: `denied` has no sentence.
  const shareText = shareFailure && texts.notice.share[shareFailure];
  if (shareText) notices.push({ id: `share-${shareFailure}`, text: shareText });
  if (view.callError) {
    const text = texts.notice.callError[view.callError] ?? texts.notice.callErrorOther;
    notices.push({ id: 'call-error', text });
  }
  return { notices, share };
}
