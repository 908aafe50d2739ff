// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { Mark } from '../parts/mark.tsx';
import { useArrival } from '../parts/use_arrival.ts';
import css from './message.module.css';

interface MessageProps {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  readonly link?: { readonly label: string; readonly href: string };
}

/** A page that says one thing: opening, refused, left, over. */
export function Message({ id, title, text, action, link }: MessageProps): ReactNode {
  const heading = useArrival(title);
  return (
    <main className={css['page']}>
      <Mark />
      <div className={css['words']}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p role="status" data-testid="notice" data-notice={id}>
          {text}
        </p>
        {action && (
          <button type="button" className={css['action']} onClick={action.run} data-testid="again">
            {action.label}
          </button>
        )}
        {link && (
          <a className={action ? css['link'] : css['action']} href={link.href} data-testid="way-on">
            {link.label}
          </a>
        )}
      </div>
    </main>
  );
}
