// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { Mark } from '../../parts/mark.tsx';
import { useArrival } from '../../parts/use_arrival.ts';
import css from './shell.module.css';

interface ShellProps {
  readonly title: string;
  readonly lead?: string | undefined;
  readonly beside?: ReactNode;
  readonly width?: 'form' | 'list';
  readonly children: ReactNode;
}

/** A page of the account: the mark, a heading that the focus goes to, and what there is to do. */
export function Shell({ title, lead, beside, width = 'form', children }: ShellProps): ReactNode {
  const heading = useArrival(title);
  return (
    <div className={css['page']}>
      <header className={css['top']}>
        <Mark />
        {beside}
      </header>
      <main className={css[width]}>
        <div className={css['words']}>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p>{lead}</p>}
        </div>
        {children}
      </main>
    </div>
  );
}
