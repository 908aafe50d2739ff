// SPDX-License-Identifier: Apache-2.0
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { DAY, written } from '../../dates.ts';
import type { Account } from '../account.ts';
import {
  type Doors,
  doorsNear,
  isStaff,
  type Person,
  peopleOf,
  sessionsOf,
  withNames,
} from '../agenda.ts';
import { isProblem, type Problem } from '../api.ts';
import { FormProblem } from '../parts/field.tsx';
import form from '../parts/form.module.css';
import { useLoaded } from '../parts/use_loaded.ts';
import { useTold } from '../parts/use_told.ts';
import { byDay, daysFrom, parted, type Session } from '../schedule.ts';
import type { User } from '../tab.ts';
import { type AccountTexts, sentenceOf, useAccountTexts } from '../texts.ts';
import css from './home.module.css';
import { PlanSheet } from './plan_sheet.tsx';
import { SessionCard } from './session_card.tsx';

/** As many are shown at first, and more at a press. */
const SHOWN = 10;
const PAST_MAX = 20;
const TICK_MS = 15_000;

interface Agenda {
  readonly coming: readonly Session[];
  readonly past: readonly Session[];
  readonly doors: ReadonlyMap<string, Doors>;
  /** For administrators: whom there is. */
  readonly people: readonly Person[];
}

function named(session: Session, people: readonly Person[]): Session {
  const nameOf = (id: string): string => people.find((each) => each.id === id)?.name ?? '';
  return {
    ...session,
    participants: session.participants.map((each) => ({ ...each, name: nameOf(each.id) })),
  };
}

async function load(account: Account, user: User, shown: number): Promise<Agenda | Problem> {
  const now = Date.now();
  const { ask } = account;
  const sessions = await sessionsOf(ask, user, now);
  if (isProblem(sessions)) return sessions;
  const { coming, past } = parted(sessions, now);
  if (user.role === 'admin') {
    const people = await peopleOf(ask);
    if (isProblem(people)) return people;
    const all = (list: readonly Session[]): Session[] => list.map((each) => named(each, people));
    return { coming: all(coming), past: all(past), doors: new Map(), people };
  }
  const [first, doors] = await Promise.all([
    Promise.all(coming.slice(0, shown).map((session) => withNames(ask, session))),
    doorsNear(ask, coming, now),
  ]);
  return { coming: [...first, ...coming.slice(shown)], past, doors, people: [] };
}

function dayOf(day: number, now: number, { home, lang }: AccountTexts): string {
  const away = daysFrom(now, day);
  if (away === 0) return home.today;
  return away === 1 ? home.tomorrow : written(lang, day, DAY);
}

/** The time of day, so that a door opens on the page when it does. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

interface SessionsProps {
  readonly account: Account;
  readonly user: User;
}

export function Sessions({ account, user }: SessionsProps): ReactNode {
  const texts = useAccountTexts();
  const { home, plan } = texts;
  const now = useNow();
  const [shown, setShown] = useState(SHOWN);
  const [planning, setPlanning] = useState(false);
  const { told, tell, heading } = useTold();
  const ask = useCallback(() => load(account, user, shown), [account, user, shown]);
  const { value: agenda, problem, again: refresh } = useLoaded(ask);
  const done = (sentence: string): void => {
    setPlanning(false);
    tell(sentence);
    refresh();
  };
  const days = byDay(agenda?.coming.slice(0, shown) ?? []);
  const card = (session: Session): ReactNode => (
    <SessionCard
      key={session.id}
      account={account}
      user={user}
      session={session}
      doors={agenda?.doors.get(session.id)}
      people={agenda?.people ?? []}
      now={now}
      onDone={done}
    />
  );
  return (
    <section className={css['section']} aria-labelledby="sessions">
      <div className={css['head']}>
        <h2 id="sessions" ref={heading} tabIndex={-1}>
          {user.role === 'admin' ? home.sessions : home.title}
        </h2>
        <div className={form['actions']}>
          {isStaff(user) && (
            <button
              type="button"
              className={form['primary']}
              onClick={() => setPlanning(true)}
              data-testid="plan"
            >
              {plan.open}
            </button>
          )}
          <button type="button" className={form['plain']} onClick={refresh} data-testid="refresh">
            {home.refresh}
          </button>
        </div>
      </div>
      <p role="status" className={css['told']} data-testid="told">
        {told}
      </p>
      <FormProblem id={problem?.code ?? ''} text={problem ? sentenceOf(problem, texts) : ''} />
      {!agenda && !problem && <p>{texts.wait}</p>}
      {agenda && agenda.coming.length === 0 && (
        <p className={css['empty']}>{isStaff(user) ? home.noneStaff : home.none}</p>
      )}
      {days.map(({ day, sessions }) => (
        <section key={day} className={css['section']}>
          <h3 className={css['day']}>{dayOf(day, now, texts)}</h3>
          <ul className={css['cards']}>{sessions.map(card)}</ul>
        </section>
      ))}
      {agenda && agenda.coming.length > shown && (
        <button
          type="button"
          className={form['plain']}
          onClick={() => setShown(shown + SHOWN)}
          data-testid="more"
        >
          {home.more}
        </button>
      )}
      {agenda && agenda.past.length > 0 && (
        <details className={css['past']}>
          <summary>{home.past}</summary>
          <ul className={css['cards']}>{agenda.past.slice(0, PAST_MAX).map(card)}</ul>
        </details>
      )}
      {planning && agenda && (
        <PlanSheet
          account={account}
          user={user}
          people={agenda.people}
          known={[...agenda.coming, ...agenda.past]}
          onClose={() => setPlanning(false)}
          onDone={() => done(plan.done)}
        />
      )}
    </section>
  );
}
