// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import type { Notice } from '../describe.ts';
import css from './notices.module.css';

/** Always on the page, so that a sentence which appears in it is read out. */
export function Notices({ notices }: { readonly notices: readonly Notice[] }): ReactNode {
  return (
    <div className={css['notices']} role="status" data-testid="notice">
      {notices.map(({ id, text, action }) => (
        <div key={id} className={css['notice']} data-notice={id}>
          <p>{text}</p>
          {action && (
            <button type="button" onClick={action.run}>
              {action.label}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
