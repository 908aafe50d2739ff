// SPDX-License-Identifier: Apache-2.0
import { textOf } from '@stillroom/client';
import { type ReactNode, useEffect, useState } from 'react';
import { DAY, TIME, written } from '../../dates.ts';
import { Sheet } from '../../parts/sheet.tsx';
import type { Account } from '../account.ts';
import type { Answer } from '../api.ts';
import { CopyLine } from '../parts/copy_line.tsx';
import { FormProblem } from '../parts/field.tsx';
import form from '../parts/form.module.css';
import { linkLife, type Participant, type Session } from '../schedule.ts';
import { sentenceOf, useAccountTexts } from '../texts.ts';

interface SecretSheetProps {
  readonly title: string;
  readonly lead: (until: string) => string;
  readonly label: string;
  /** Has to be the same each time: what it asks for is made once. */
  readonly make: () => Promise<Answer>;
  readonly onClose: () => void;
}

/** A one-time address, made when the sheet opens, to be handed on to one person. */
export function SecretSheet({ title, lead, label, make, onClose }: SecretSheetProps): ReactNode {
  const texts = useAccountTexts();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [start] = useState(() => make);
  useEffect(() => {
    void start().then(setAnswer);
  }, [start]);
  const path = answer?.ok ? (textOf(answer.body['path']) ?? '') : '';
  const expires = answer?.ok ? Date.parse(textOf(answer.body['expiresAt']) ?? '') : 0;
  const until = `${written(texts.lang, expires, DAY)}, ${written(texts.lang, expires, TIME)}`;
  const problem = answer && !answer.ok ? answer : null;
  return (
    <Sheet title={title} onClose={onClose}>
      {answer === null && <p>{texts.wait}</p>}
      <FormProblem id={problem?.code ?? ''} text={problem ? sentenceOf(problem, texts) : ''} />
      {path && (
        <>
          <p>{lead(until)}</p>
          <CopyLine label={label} text={`${window.location.origin}${path}`} />
        </>
      )}
      <div className={form['actions']}>
        <button type="button" className={form['primary']} onClick={onClose} data-testid="close">
          {texts.close}
        </button>
      </div>
    </Sheet>
  );
}

interface LinkSheetProps {
  readonly account: Account;
  readonly session: Session;
  readonly client: Participant;
  readonly onClose: () => void;
}

export function LinkSheet({ account, session, client, onClose }: LinkSheetProps): ReactNode {
  const { link } = useAccountTexts();
  const make = (): Promise<Answer> =>
    account.ask('POST', '/api/links', {
      user: client.id,
      session: session.id,
      ttl: linkLife(session.start, Date.now()),
    });
  return (
    <SecretSheet
      title={link.title(client.name || client.id)}
      lead={link.lead}
      label={link.label}
      make={make}
      onClose={onClose}
    />
  );
}
