// SPDX-License-Identifier: Apache-2.0
import { type ReactNode, useState } from 'react';
import { Sheet } from '../../parts/sheet.tsx';
import type { Account } from '../account.ts';
import type { Answer } from '../api.ts';
import { FormProblem } from '../parts/field.tsx';
import form from '../parts/form.module.css';
import type { Session } from '../schedule.ts';
import { sentenceOf, useAccountTexts } from '../texts.ts';

interface ConfirmSheetProps {
  readonly title: string;
  readonly lead: string;
  readonly confirm: string;
  readonly keep: string;
  readonly run: () => Promise<Answer>;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** What concerns others is asked about once. */
export function ConfirmSheet(props: ConfirmSheetProps): ReactNode {
  const { title, lead, confirm, keep, run, onClose, onDone } = props;
  const texts = useAccountTexts();
  const [failed, setFailed] = useState<Extract<Answer, { ok: false }> | null>(null);
  const go = async (): Promise<void> => {
    const answer = await run();
    if (!answer.ok) return setFailed(answer);
    onClose();
    return onDone();
  };
  return (
    <Sheet title={title} onClose={onClose}>
      <p>{lead}</p>
      <FormProblem id={failed?.code ?? ''} text={failed ? sentenceOf(failed, texts) : ''} />
      <div className={form['actions']}>
        <button type="button" className={form['plain']} onClick={onClose}>
          {keep}
        </button>
        <button
          type="button"
          className={form['danger']}
          onClick={() => void go()}
          data-testid="confirm"
        >
          {confirm}
        </button>
      </div>
    </Sheet>
  );
}

interface CancelSheetProps {
  readonly account: Account;
  readonly session: Session;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function CancelSheet({ account, session, onClose, onDone }: CancelSheetProps): ReactNode {
  const { plan } = useAccountTexts();
  const path = `/api/sessions/${encodeURIComponent(session.id)}`;
  return (
    <ConfirmSheet
      title={plan.cancelTitle}
      lead={plan.cancelLead}
      confirm={plan.cancelConfirm}
      keep={plan.cancelKeep}
      run={() => account.ask('DELETE', path)}
      onClose={onClose}
      onDone={onDone}
    />
  );
}
