// SPDX-License-Identifier: Apache-2.0
import { type InputHTMLAttributes, type ReactNode, useId, useState } from 'react';
import { useAccountTexts } from '../texts.ts';
import css from './form.module.css';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with it. */
  readonly error?: string | undefined;
  readonly beside?: ReactNode;
}

export function Field({ label, hint, error, beside, ...input }: FieldProps): ReactNode {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={css['field']}>
      <label htmlFor={id}>{label}</label>
      <div className={css['row']}>
        <input
          id={id}
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={error ? true : undefined}
          {...(described ? { 'aria-describedby': described } : {})}
          {...input}
        />
        {beside}
      </div>
      {hint && (
        <p id={`${id}-hint`} className={css['hint']}>
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className={css['wrong']} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** A password that can be looked at while it is typed. */
export function PasswordField(props: Omit<FieldProps, 'label' | 'type' | 'beside'>): ReactNode {
  const { password } = useAccountTexts();
  const [shown, setShown] = useState(false);
  return (
    <Field
      label={password.label}
      type={shown ? 'text' : 'password'}
      data-testid="password"
      required
      {...props}
      beside={
        <button
          type="button"
          className={css['beside']}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          data-testid="show-password"
        >
          {shown ? password.hide : password.show}
          <span className="visually-hidden"> {password.label}</span>
        </button>
      }
    />
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value: string;
  readonly onChoose: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly testId: string;
}

export function Choice({ label, hint, value, onChoose, options, testId }: ChoiceProps): ReactNode {
  const id = useId();
  return (
    <div className={css['field']}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChoose(event.currentTarget.value)}
        {...(hint ? { 'aria-describedby': `${id}-hint` } : {})}
        data-testid={testId}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {hint && (
        <p id={`${id}-hint`} className={css['hint']}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** What went wrong with the whole form; always on the page, so that it is read out. */
export function FormProblem({ id, text }: { readonly id: string; readonly text: string }) {
  return (
    <div className={css['alert']} role="alert">
      {text && (
        <p className={css['problem']} data-testid="problem" data-notice={id}>
          {text}
        </p>
      )}
    </div>
  );
}
