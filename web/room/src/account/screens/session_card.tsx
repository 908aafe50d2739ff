// SPDX-License-Identifier: Apache-2.0
import { type ReactNode, useState } from 'react';
import { DAY, TIME, written } from '../../dates.ts';
import { useTexts } from '../../texts_context.ts';
import type { Account } from '../account.ts';
import { type Doors, isStaff, type Person } from '../agenda.ts';
import { FormProblem } from '../parts/field.tsx';
import form from '../parts/form.module.css';
import { isToCome, type Participant, type Session } from '../schedule.ts';
import type { User } from '../tab.ts';
import { useAccountTexts } from '../texts.ts';
import { CancelSheet } from './confirm_sheet.tsx';
import css from './home.module.css';
import { LinkSheet } from './link_sheet.tsx';
import { PlanSheet } from './plan_sheet.tsx';

interface SessionCardProps {
  readonly account: Account;
  readonly user: User;
  readonly session: Session;
  readonly doors: Doors | undefined;
  readonly people: readonly Person[];
  readonly now: number;
  /** Something was done, which the sentence says. */
  readonly onDone: (sentence: string) => void;
}

const nameOf = ({ id, name }: Participant): string => name || id;

export function SessionCard(props: SessionCardProps): ReactNode {
  const { account, user, session, doors, now } = props;
  const { home, lang } = useAccountTexts();
  const coming = isToCome(session, now);
  const others = session.participants.filter(({ id }) => id !== user.id);
  const whom = user.role === 'admin' ? home.of : home.with;
  const time = written(lang, session.start, TIME);
  const when = coming ? time : `${written(lang, session.start, DAY)}, ${time}`;
  const state = session.status === 'confirmed' ? '' : (home.state[session.status] ?? '');
  const unpaid = coming && session.payment === 'pending';
  return (
    <li className={css['card']} data-testid="session" data-session={session.id}>
      <div className={css['what']}>
        <p>
          <time className={css['time']} dateTime={new Date(session.start).toISOString()}>
            {when}
          </time>{' '}
          <span className={css['soft']}>{home.minutes(session.minutes)}</span>
        </p>
        <p>{others.length > 0 ? whom(others.map(nameOf)) : home.alone}</p>
        {state && (
          <p className={css['state']} data-state={session.status}>
            {state}
          </p>
        )}
        {unpaid && <p className={css['state']}>{home.unpaid}</p>}
        {doors && !doors.shut && now < doors.opens && (
          <p className={css['soft']}>{home.opens(written(lang, doors.opens, TIME))}</p>
        )}
      </div>
      {coming && doors && !doors.shut && now >= doors.opens && now < doors.closes && (
        <Join account={account} session={session} />
      )}
      {coming && isStaff(user) && <Manage {...props} />}
    </li>
  );
}

function Join({ account, session }: { readonly account: Account; readonly session: Session }) {
  const { home, problem } = useAccountTexts();
  const { refusal } = useTexts();
  const [kept, setKept] = useState<string | null>(null);
  const join = async (): Promise<void> => setKept(await account.join(session));
  const known = Object.entries(refusal).find(([code]) => code === kept)?.[1];
  return (
    <>
      <button
        type="button"
        className={form['primary']}
        onClick={() => void join()}
        data-testid="join-session"
      >
        {home.join}
      </button>
      {kept && (
        <div className={css['manage']}>
          <FormProblem id={kept} text={problem[kept] ?? known ?? refusal.unknown} />
        </div>
      )}
    </>
  );
}

type Open = 'change' | 'cancel' | Participant;

function Manage({ account, user, session, people, onDone }: SessionCardProps): ReactNode {
  const { home, plan } = useAccountTexts();
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => setOpen(null);
  const clients = session.participants.filter(({ role }) => role === 'client');
  const fixed = session.status === 'in-progress';
  return (
    <details className={css['manage']}>
      <summary data-testid="manage">{home.manage}</summary>
      <div className={css['buttons']}>
        {clients.map((client) => (
          <button
            key={client.id}
            type="button"
            className={form['plain']}
            onClick={() => setOpen(client)}
            data-testid="link"
          >
            {home.link(nameOf(client))}
          </button>
        ))}
        {!fixed && (
          <button
            type="button"
            className={form['plain']}
            onClick={() => setOpen('change')}
            data-testid="change"
          >
            {home.change}
          </button>
        )}
        <button
          type="button"
          className={form['plain']}
          onClick={() => setOpen('cancel')}
          data-testid="cancel"
        >
          {home.cancel}
        </button>
      </div>
      {open === 'change' && (
        <PlanSheet
          account={account}
          user={user}
          people={people}
          known={[session]}
          session={session}
          onClose={close}
          onDone={() => {
            close();
            onDone(plan.changed);
          }}
        />
      )}
      {open === 'cancel' && (
        <CancelSheet
          account={account}
          session={session}
          onClose={close}
          onDone={() => onDone(plan.cancelled)}
        />
      )}
      {typeof open === 'object' && open && (
        <LinkSheet account={account} session={session} client={open} onClose={close} />
      )}
    </details>
  );
}
