// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { useTexts } from '../texts_context.ts';
import css from './mark.module.css';

export function Mark(): ReactNode {
  const { product } = useTexts();
  return (
    <p className={css['mark']}>
      <svg viewBox="0 0 32 20" aria-hidden="true">
        <circle cx="11" cy="10" r="8" />
        <circle cx="21" cy="10" r="8" />
      </svg>
      {product}
    </p>
  );
}
