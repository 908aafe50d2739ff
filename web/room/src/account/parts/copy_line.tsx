// SPDX-License-Identifier: Apache-2.0
import { useRef, useState } from 'react';
import { useAccountTexts } from '../texts.ts';
import { Field } from './field.tsx';
import css from './form.module.css';

/** Puts a text on the clipboard, and says so. */
export function CopyButton({ text, testId }: { readonly text: string; readonly testId: string }) {
  const texts = useAccountTexts();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // Not allowed here: the text stands there to be selected.
      setCopied(false);
    }
  };
  return (
    <button
      type="button"
      className={css['beside']}
      onClick={() => void copy()}
      data-testid={testId}
    >
      <span role="status">{copied ? texts.copied : texts.copy}</span>
    </button>
  );
}

/** A text to be handed on: selected when it is touched, copied at a press. */
export function CopyLine({ label, text }: { readonly label: string; readonly text: string }) {
  const line = useRef<HTMLDivElement>(null);
  const select = (): void => line.current?.querySelector('input')?.select();
  return (
    <div ref={line}>
      <Field
        label={label}
        value={text}
        readOnly
        onFocus={select}
        data-testid="to-hand-on"
        beside={<CopyButton text={text} testId="copy" />}
      />
    </div>
  );
}
