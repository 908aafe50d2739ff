// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { CopyButton } from '../parts/copy_line.tsx';
import { Field } from '../parts/field.tsx';
import form from '../parts/form.module.css';
import { QrImage } from '../parts/qr_image.tsx';
import { grouped } from '../qr.ts';
import { useAccountTexts } from '../texts.ts';
import css from './factor.module.css';
import type { Invitation } from './set_up.tsx';

interface FactorProps {
  readonly invitation: Invitation;
  readonly error: string | undefined;
}

/** The key for an authenticator, in three ways, and the proof that it has arrived there. */
export function Factor({ invitation, error }: FactorProps): ReactNode {
  const { setUp } = useAccountTexts();
  const { secret, uri, needed } = invitation;
  const body = (
    <>
      <p className={form['hint']}>{needed ? setUp.factorNeeded : setUp.factorOptional}</p>
      <p>{setUp.scan}</p>
      <QrImage text={uri} label={setUp.qr} />
      <p>
        <a href={uri} data-testid="otpauth">
          {setUp.openApp}
        </a>
      </p>
      <p>{setUp.typeIt}</p>
      <p className={css['key']}>
        <code data-testid="secret">{grouped(secret)}</code>
        <CopyButton text={secret} testId="copy-secret" />
      </p>
      <Field
        label={setUp.code}
        hint={setUp.codeHint}
        error={error}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="[0-9 ]{6,7}"
        maxLength={7}
        required={needed}
        data-testid="code"
      />
    </>
  );
  if (needed) {
    return (
      <fieldset className={css['factor']}>
        <legend>{setUp.factorTitle}</legend>
        {body}
      </fieldset>
    );
  }
  return (
    <details className={css['factor']} data-testid="add-factor">
      <summary>{setUp.factorAdd}</summary>
      {body}
    </details>
  );
}
