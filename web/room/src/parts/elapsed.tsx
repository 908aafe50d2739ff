// SPDX-License-Identifier: Apache-2.0
import { type ReactNode, useEffect, useState } from 'react';
import { clockOf } from '../describe.ts';
import css from './elapsed.module.css';

const TICK_MS = 1000;

export function Elapsed({
  since,
  label,
}: {
  readonly since: number;
  readonly label: string;
}): ReactNode {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (since === 0) return undefined;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [since]);
  if (since === 0) return null;
  return (
    <p className={css['elapsed']}>
      <span className="visually-hidden">{label} </span>
      <time>{clockOf(now - since)}</time>
    </p>
  );
}
