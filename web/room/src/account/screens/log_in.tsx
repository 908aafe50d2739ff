// SPDX-License-Identifier: Apache-2.0
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import type { Account, Out } from '../account.ts';
import { type Problem, textIn } from '../api.ts';
import { Field, FormProblem, PasswordField } from '../parts/field.tsx';
import form from '../parts/form.module.css';
import { Shell } from '../parts/shell.tsx';
import { sentenceOf, useAccountTexts } from '../texts.ts';

/** Whole seconds until the server takes another try. */
function useCountdown(problem: Problem | null): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const until = Date.now() + (problem?.retryAfter ?? 0) * 1000;
    const count = (): void => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    count();
    const timer = setInterval(count, 1000);
    return () => clearInterval(timer);
  }, [problem]);
  return left;
}

interface LogInProps {
  readonly account: Account;
  readonly why: Out | undefined;
  readonly user: string | undefined;
  readonly onDone: () => void;
}

export function LogInScreen({ account, why, user, onDone }: LogInProps): ReactNode {
  const texts = useAccountTexts();
  const { logIn } = texts;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const left = useCountdown(problem);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    setBusy(true);
    const answer = await account.enter({
      user: textIn(given, 'user').trim(),
      password: textIn(given, 'password'),
      // Authenticators show blanks between the digits.
      code: textIn(given, 'code').replaceAll(/\s/g, ''),
    });
    setBusy(false);
    setProblem(answer.ok ? null : answer);
    if (answer.ok) onDone();
  };
  return (
    <Shell title={logIn.title} lead={why && logIn.notice[why]}>
      <form className={form['form']} onSubmit={(event) => void submit(event)}>
        <Field
          label={logIn.name}
          name="user"
          defaultValue={user}
          autoComplete="username"
          required
          maxLength={128}
          data-testid="user"
        />
        <PasswordField name="password" autoComplete="current-password" />
        <Field
          label={logIn.code}
          hint={logIn.codeHint}
          name="code"
          autoComplete="one-time-code"
          maxLength={64}
          data-testid="code"
        />
        <FormProblem id={problem?.code ?? ''} text={problem ? sentenceOf(problem, texts) : ''} />
        <button
          type="submit"
          className={`${form['primary']} ${form['wide']}`}
          disabled={busy || left > 0}
          data-testid="log-in"
        >
          {left > 0 ? logIn.waitFor(left) : busy ? texts.wait : logIn.submit}
        </button>
        <p className={form['hint']}>{logIn.help}</p>
      </form>
    </Shell>
  );
}
