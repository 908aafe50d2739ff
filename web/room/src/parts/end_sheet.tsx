// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { useTexts } from '../texts_context.ts';
import css from './sheet.module.css';
import { Sheet } from './sheet.tsx';

interface EndSheetProps {
  readonly onClose: () => void;
  readonly onEnd: () => void;
}

/** Ending cannot be undone and concerns others, so it is asked about once. */
export function EndSheet({ onClose, onEnd }: EndSheetProps): ReactNode {
  const { endDialog } = useTexts();
  const end = (): void => {
    onClose();
    onEnd();
  };
  return (
    <Sheet title={endDialog.title} onClose={onClose}>
      <p>{endDialog.lead}</p>
      <div className={css['actions']}>
        <button type="button" className={css['plain']} onClick={onClose}>
          {endDialog.cancel}
        </button>
        <button type="button" className={css['danger']} onClick={end} data-testid="end-confirm">
          {endDialog.confirm}
        </button>
      </div>
    </Sheet>
  );
}
