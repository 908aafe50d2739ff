// SPDX-License-Identifier: Apache-2.0
import { fieldsOf, textOf } from '@stillroom/client';
import { type FormEvent, type ReactNode, useCallback, useState } from 'react';
import type { Account } from '../account.ts';
import { type Fields, type Problem, textIn } from '../api.ts';
import { Field, FormProblem, PasswordField } from '../parts/field.tsx';
import form from '../parts/form.module.css';
import { Shell } from '../parts/shell.tsx';
import { useLoaded } from '../parts/use_loaded.ts';
import { listOf } from '../schedule.ts';
import { type User, userOf } from '../tab.ts';
import { sentenceOf, useAccountTexts } from '../texts.ts';
import { Factor } from './factor.tsx';
import { RecoveryCodes } from './recovery_codes.tsx';

const PASSWORD_CHARACTERS_MIN = 12;
const NOT_UNDERSTOOD: Problem = { ok: false, code: 'unknown', error: '', retryAfter: 0 };

export interface Invitation {
  readonly code: string;
  readonly user: User;
  readonly secret: string;
  readonly uri: string;
  readonly needed: boolean;
}

function invitationOf(code: string, body: Fields): Invitation | undefined {
  const factor = fieldsOf(body['secondFactor']);
  const user = userOf(body['user']);
  const secret = textOf(factor?.['secret']);
  const uri = textOf(factor?.['uri']);
  if (!user || !secret || !uri) return undefined;
  return { code, user, secret, uri, needed: factor?.['needed'] === true };
}

async function opened(account: Account, invite: string): Promise<Invitation | Problem> {
  const answer = await account.ask('POST', '/api/auth/invite', { invite });
  if (answer.ok) return invitationOf(invite, answer.body) ?? NOT_UNDERSTOOD;
  if (answer.code === 'invite_invalid') account.inviteFailed();
  return answer;
}

interface SetUpProps {
  readonly account: Account;
  /** Without a reason: they are logged in. */
  readonly onDone: (user: string, why?: 'set-up' | 'set-up-code') => void;
}

export function SetUp(props: SetUpProps): ReactNode {
  const { setUp } = useAccountTexts();
  const { invite } = props.account;
  if (!invite) return <Failed title={setUp.failedTitle} id="invite_missing" text={setUp.missing} />;
  return <Invited {...props} invite={invite} />;
}

function Invited({ account, invite, onDone }: SetUpProps & { readonly invite: string }): ReactNode {
  const texts = useAccountTexts();
  const { setUp } = texts;
  const open = useCallback(() => opened(account, invite), [account, invite]);
  const { value, problem, again } = useLoaded(open);
  if (value) return <Form account={account} invitation={value} onDone={onDone} />;
  if (!problem) {
    return (
      <Shell key="opening" title={setUp.opening}>
        {null}
      </Shell>
    );
  }
  const gone = problem.code === 'invite_invalid';
  return (
    <Failed
      title={setUp.failedTitle}
      id={problem.code}
      text={gone ? setUp.invalid : sentenceOf(problem, texts)}
      {...(gone ? {} : { again })}
    />
  );
}

interface FailedProps {
  readonly title: string;
  readonly id: string;
  readonly text: string;
  readonly again?: () => void;
}

function Failed({ title, id, text, again }: FailedProps): ReactNode {
  const { again: tryAgain, logIn } = useAccountTexts();
  return (
    <Shell key={id} title={title}>
      <p role="status" data-testid="notice" data-notice={id}>
        {text}
      </p>
      <div className={form['actions']}>
        {again && (
          <button type="button" className={form['primary']} onClick={again} data-testid="again">
            {tryAgain}
          </button>
        )}
        <a className={again ? form['plain'] : form['primary']} href="/login">
          {logIn.title}
        </a>
      </div>
    </Shell>
  );
}

interface FormProps {
  readonly account: Account;
  readonly invitation: Invitation;
  readonly onDone: SetUpProps['onDone'];
}

function Form({ account, invitation, onDone }: FormProps): ReactNode {
  const texts = useAccountTexts();
  const { setUp } = texts;
  const { user } = invitation;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [codes, setCodes] = useState<readonly string[]>([]);

  const enter = async (password: string): Promise<void> => {
    const answer = await account.enter({ user: user.id, password, code: '' });
    onDone(user.id, answer.ok ? undefined : 'set-up');
  };
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const password = textIn(given, 'password');
    const code = textIn(given, 'code').replaceAll(/\s/g, '');
    setBusy(true);
    const body = { invite: invitation.code, password, ...(code ? { code } : {}) };
    const answer = await account.ask('POST', '/api/auth/setup', body);
    setBusy(false);
    setProblem(answer.ok ? null : answer);
    if (!answer.ok) return undefined;
    account.wasSetUp();
    const made = listOf(answer.body['recoveryCodes']).map(String);
    if (made.length > 0) return setCodes(made);
    return code ? onDone(user.id, 'set-up-code') : enter(password);
  };
  if (codes.length > 0) {
    return (
      <RecoveryCodes
        key="codes"
        user={user}
        codes={codes}
        onKept={() => onDone(user.id, 'set-up-code')}
      />
    );
  }
  const code = problem?.code === 'code_wrong' || problem?.code === 'second_factor_needed';
  const ofForm = problem && problem.code !== 'password_refused' && !code ? problem : null;
  return (
    <Shell key="form" title={setUp.title(user.name)} lead={setUp.lead}>
      <form className={form['form']} onSubmit={(event) => void submit(event)}>
        <Field
          label={setUp.name}
          value={user.id}
          readOnly
          name="user"
          autoComplete="username"
          data-testid="user"
        />
        <PasswordField
          name="password"
          autoComplete="new-password"
          minLength={PASSWORD_CHARACTERS_MIN}
          hint={setUp.passwordRule(PASSWORD_CHARACTERS_MIN)}
          error={problem?.code === 'password_refused' ? sentenceOf(problem, texts) : undefined}
        />
        <Factor invitation={invitation} error={code ? sentenceOf(problem, texts) : undefined} />
        <FormProblem id={ofForm?.code ?? ''} text={ofForm ? sentenceOf(ofForm, texts) : ''} />
        <button
          type="submit"
          className={`${form['primary']} ${form['wide']}`}
          disabled={busy}
          data-testid="set-up"
        >
          {busy ? texts.wait : setUp.submit}
        </button>
      </form>
    </Shell>
  );
}
