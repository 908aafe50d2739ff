// SPDX-License-Identifier: Apache-2.0
import type { OpenFailure } from '@stillroom/client';
import { useCall } from '@stillroom/react';
import { type ReactNode, useEffect, useState } from 'react';
import { endingOf, isLoggedOut, isShutOut } from './describe.ts';
import { Lobby } from './screens/lobby.tsx';
import { Message } from './screens/message.tsx';
import { Stage } from './screens/stage.tsx';
import type { Stillroom } from './stillroom.ts';
import { useTexts } from './texts_context.ts';

/** `open` must give the same answer each time: a link code works once. */
export function App({
  open,
}: {
  readonly open: () => Promise<Stillroom | OpenFailure>;
}): ReactNode {
  const texts = useTexts();
  const [opened, setOpened] = useState<Stillroom | OpenFailure | null>(null);
  useEffect(() => {
    void open().then(setOpened);
  }, [open]);
  // Keys, so that each is a screen of its own and is told as one.
  if (opened === null) {
    return <Message key="opening" id="opening" title={texts.lobby.opening} text="" />;
  }
  if (typeof opened === 'string') {
    return (
      <Message
        key={opened}
        id={opened}
        title={texts.over.openTitle}
        text={texts.open[opened]}
        {...(opened === 'link_missing'
          ? { link: { label: texts.over.logIn, href: '/login' } }
          : {})}
      />
    );
  }
  return <Session stillroom={opened} />;
}

function Session({ stillroom }: { readonly stillroom: Stillroom }): ReactNode {
  const texts = useTexts();
  const { call, media, right } = stillroom;
  const view = useCall(call);
  const [inLobby, setInLobby] = useState(true);
  const over = view.phase === 'closed' && view.closed !== null;
  useEffect(() => {
    if (over) media.stop();
  }, [over, media]);
  const ending = over && view.closed ? endingOf(view.closed, texts) : null;
  const { forget } = stillroom;
  const lost = ending !== null && ending.again === null;
  useEffect(() => {
    if (lost) forget();
  }, [lost, forget]);
  if (inLobby) {
    const join = (): void => {
      setInLobby(false);
      call.join();
    };
    return <Lobby right={right} media={media} onJoin={join} />;
  }
  if (ending && view.closed) {
    const { id, title, text, again } = ending;
    const out = right.logIn !== undefined && isLoggedOut(view.closed);
    const way = out
      ? { label: texts.over.logIn, href: '/login' }
      : { label: texts.over.home, href: '/home' };
    return (
      <Message
        id={id}
        title={title}
        text={out ? texts.over.loggedOut : text}
        {...(again ? { action: { label: again, run: () => setInLobby(true) } } : {})}
        {...(right.logIn === undefined || isShutOut(view.closed) ? {} : { link: way })}
      />
    );
  }
  return <Stage call={call} view={view} media={media} />;
}
