// SPDX-License-Identifier: Apache-2.0
// What the stage has to say beside its status line, and what a person can do about it.
import type { Call, CallView, DeviceFailure, LocalMedia, LocalState } from '@stillroom/client';
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

export function useStageNotices(input: StageNoticesInput): StageNotices {
  const { call, view, media, local, blocked } = input;
  const texts = useTexts();
  const [shareFailure, setShareFailure] = useState<DeviceFailure | null>(null);
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
  notices.push(
    ...deviceNotices(local, texts, (kind) => {
      void (kind === 'camera' ? media.setCamera('on') : media.setMicrophone('on'));
    }),
  );
  // A person who closes the picker knows that nothing is shared: `denied` has no sentence.
  const shareText = shareFailure && texts.notice.share[shareFailure];
  if (shareText) notices.push({ id: `share-${shareFailure}`, text: shareText });
  if (view.callError) {
    const text = texts.notice.callError[view.callError] ?? texts.notice.callErrorOther;
    notices.push({ id: 'call-error', text });
  }
  return { notices, share };
}
