// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { qrCode } from '../qr.ts';
import css from './qr_image.module.css';

export function QrImage({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, path } = useMemo(() => qrCode(text), [text]);
  return (
    <svg
      className={css['code']}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      data-testid="qr"
    >
      <rect width={size} height={size} />
      <path d={path} />
    </svg>
  );
}
