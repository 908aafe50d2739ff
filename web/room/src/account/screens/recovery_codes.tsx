// SPDX-License-Identifier: Apache-2.0
import { type ReactNode, useEffect, useState } from 'react';
import { CopyButton } from '../parts/copy_line.tsx';
import form from '../parts/form.module.css';
import { Shell } from '../parts/shell.tsx';
import type { User } from '../tab.ts';
import { useAccountTexts } from '../texts.ts';
import css from './recovery_codes.module.css';

interface RecoveryCodesProps {
  readonly user: User;
  readonly codes: readonly string[];
  readonly onKept: () => void;
}

/** The only time that they are seen, so the way on is open once they are kept. */
export function RecoveryCodes({ user, codes, onKept }: RecoveryCodesProps): ReactNode {
  const texts = useAccountTexts().codes;
  const [kept, setKept] = useState(false);
  const text = `${texts.file(user.name)}\n\n${codes.join('\n')}\n`;
  const [file] = useState(() => URL.createObjectURL(new Blob([text], { type: 'text/plain' })));
  useEffect(() => () => URL.revokeObjectURL(file), [file]);
  // Whoever closes the page now has lost them.
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
  return (
    <Shell title={texts.title} lead={texts.lead}>
      <ol className={css['codes']} data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className={`${form['actions']} ${css['ways']}`}>
        <CopyButton text={text} testId="copy-codes" />
        <a className={form['plain']} href={file} download="stillroom-recovery-codes.txt">
          {texts.download}
        </a>
        <button type="button" className={form['plain']} onClick={() => window.print()}>
          {texts.print}
        </button>
      </div>
      <label className={form['check']}>
        <input
          type="checkbox"
          checked={kept}
          onChange={(event) => setKept(event.currentTarget.checked)}
          data-testid="kept"
        />
        {texts.kept}
      </label>
      <button
        type="button"
        className={`${form['primary']} ${form['wide']}`}
        disabled={!kept}
        onClick={onKept}
        data-testid="go-on"
      >
        {texts.goOn}
      </button>
    </Shell>
  );
}
