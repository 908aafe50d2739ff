// SPDX-License-Identifier: Apache-2.0
import { type FormEvent, type ReactNode, useCallback, useState } from 'react';
import { Sheet } from '../../parts/sheet.tsx';
import type { Account } from '../account.ts';
import { type Person, peopleOf } from '../agenda.ts';
import { type Answer, type Problem, textIn } from '../api.ts';
import { Choice, Field, FormProblem } from '../parts/field.tsx';
import form from '../parts/form.module.css';
import { useLoaded } from '../parts/use_loaded.ts';
import { useTold } from '../parts/use_told.ts';
import { sentenceOf, useAccountTexts } from '../texts.ts';
import { ConfirmSheet } from './confirm_sheet.tsx';
import css from './home.module.css';
import { SecretSheet } from './link_sheet.tsx';

const ROLES = ['client', 'therapist', 'admin'] as const;
type PlainRole = (typeof ROLES)[number];

const isPlain = (role: string): role is PlainRole => ROLES.some((each) => each === role);

export function People({ account }: { readonly account: Account }): ReactNode {
  const texts = useAccountTexts();
  const { people: words } = texts;
  const [adding, setAdding] = useState(false);
  const { told, tell, heading } = useTold();
  const ask = useCallback(() => peopleOf(account.ask), [account]);
  const { value: people, problem, again: refresh } = useLoaded(ask);
  const done = (sentence: string): void => {
    setAdding(false);
    tell(sentence);
    refresh();
  };
  return (
    <section className={css['section']} aria-labelledby="people">
      <div className={css['head']}>
        <h2 id="people" ref={heading} tabIndex={-1}>
          {words.title}
        </h2>
        <button
          type="button"
          className={form['primary']}
          onClick={() => setAdding(true)}
          data-testid="add-person"
        >
          {words.add}
        </button>
      </div>
      <p className={css['soft']}>{words.lead}</p>
      <p role="status" className={css['told']} data-testid="told">
        {told}
      </p>
      <FormProblem id={problem?.code ?? ''} text={problem ? sentenceOf(problem, texts) : ''} />
      {!people && !problem && <p>{texts.wait}</p>}
      <ul className={css['cards']}>
        {people?.map((person) => (
          <PersonCard
            key={person.id}
            account={account}
            person={person}
            onDone={() => done(words.changed)}
          />
        ))}
      </ul>
      {adding && (
        <PersonSheet
          account={account}
          onClose={() => setAdding(false)}
          onDone={(name) => done(words.added(name))}
        />
      )}
    </section>
  );
}

interface PersonCardProps {
  readonly account: Account;
  readonly person: Person;
  readonly onDone: () => void;
}

function PersonCard({ account, person, onDone }: PersonCardProps): ReactNode {
  const texts = useAccountTexts();
  const { people: words } = texts;
  const [open, setOpen] = useState<'invite' | 'change' | 'disable' | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const close = (): void => setOpen(null);
  const active = person.status === 'active';
  const own = person.id === account.logIn?.user.id;
  const change = (body: object): Promise<Answer> =>
    account.ask('PATCH', `/api/users/${encodeURIComponent(person.id)}`, body);
  const enable = async (): Promise<void> => {
    const answer = await change({ status: 'active' });
    if (!answer.ok) return setProblem(answer);
    return onDone();
  };
  const { role } = person;
  return (
    <li className={`${css['card']} ${css['person']}`} data-testid="person" data-person={person.id}>
      <div className={css['what']}>
        <p className={css['time']}>{person.name}</p>
        <p className={css['soft']}>
          {person.id} · {isPlain(role) ? words.roles[role] : words.otherRole}
        </p>
        {!active && <p className={css['state']}>{words.inactive}</p>}
      </div>
      <div className={css['handles']}>
        {active && (
          <button
            type="button"
            className={form['plain']}
            onClick={() => setOpen('invite')}
            data-testid="invite"
          >
            {words.invite}
            <span className="visually-hidden"> {person.name}</span>
          </button>
        )}
        <button
          type="button"
          className={form['plain']}
          onClick={() => setOpen('change')}
          data-testid="change-person"
        >
          {words.change}
          <span className="visually-hidden"> {person.name}</span>
        </button>
        {!own && (
          <button
            type="button"
            className={form['plain']}
            onClick={() => (active ? setOpen('disable') : void enable())}
            data-testid={active ? 'disable' : 'enable'}
          >
            {active ? words.disable : words.enable}
            <span className="visually-hidden"> {person.name}</span>
          </button>
        )}
      </div>
      {problem && (
        <div className={css['manage']}>
          <FormProblem id={problem.code} text={sentenceOf(problem, texts)} />
        </div>
      )}
      {open === 'invite' && (
        <SecretSheet
          title={words.inviteTitle(person.name)}
          lead={words.inviteLead}
          label={words.inviteLabel}
          make={() => account.ask('POST', '/api/invites', { user: person.id })}
          onClose={close}
        />
      )}
      {open === 'change' && (
        <PersonSheet
          account={account}
          person={person}
          onClose={close}
          onDone={() => {
            close();
            onDone();
          }}
        />
      )}
      {open === 'disable' && (
        <ConfirmSheet
          title={words.disableTitle(person.name)}
          lead={words.disableLead}
          confirm={words.disable}
          keep={texts.cancel}
          run={() => change({ status: 'inactive' })}
          onClose={close}
          onDone={onDone}
        />
      )}
    </li>
  );
}

interface PersonSheetProps {
  readonly account: Account;
  /** Whom to change; somebody new without. */
  readonly person?: Person;
  readonly onClose: () => void;
  readonly onDone: (name: string) => void;
}

function PersonSheet({ account, person, onClose, onDone }: PersonSheetProps): ReactNode {
  const texts = useAccountTexts();
  const { people: words } = texts;
  const [role, setRole] = useState<string>(person?.role ?? 'client');
  const [problem, setProblem] = useState<Problem | null>(null);
  // Roles that have no words here are an application's to give, and one's own stays.
  const fixed = person && (!isPlain(person.role) || person.id === account.logIn?.user.id);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const name = textIn(given, 'name').trim();
    const body = { name, ...(fixed ? {} : { role }) };
    const answer = await (person
      ? account.ask('PATCH', `/api/users/${encodeURIComponent(person.id)}`, body)
      : account.ask('POST', '/api/users', { id: textIn(given, 'id').trim(), ...body }));
    if (!answer.ok) return setProblem(answer);
    return onDone(name);
  };
  return (
    <Sheet title={person ? words.changeTitle(person.name) : words.add} onClose={onClose}>
      <form className={form['form']} onSubmit={(event) => void submit(event)}>
        <Field
          label={words.name}
          name="name"
          defaultValue={person?.name}
          autoComplete="off"
          autoCapitalize="words"
          maxLength={200}
          required
          data-testid="person-name"
        />
        {!person && (
          <Field
            label={words.id}
            hint={words.idHint}
            name="id"
            autoComplete="off"
            pattern="[A-Za-z0-9._@:+~=\|\-]{1,128}"
            maxLength={128}
            required
            data-testid="person-id"
          />
        )}
        {!fixed && (
          <Choice
            label={words.role}
            hint={person && words.roleHint}
            value={role}
            onChoose={setRole}
            options={ROLES.map((each) => ({ value: each, label: words.roles[each] }))}
            testId="person-role"
          />
        )}
        <FormProblem id={problem?.code ?? ''} text={problem ? sentenceOf(problem, texts) : ''} />
        <div className={form['actions']}>
          <button type="button" className={form['plain']} onClick={onClose}>
            {texts.cancel}
          </button>
          <button type="submit" className={form['primary']} data-testid="submit">
            {person ? words.submitChange : words.add}
          </button>
        </div>
      </form>
    </Sheet>
  );
}
