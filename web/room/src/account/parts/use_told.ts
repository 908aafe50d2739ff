// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useEffect, useRef, useState } from 'react';

interface Told {
  /** What was done, for a status line. */
  readonly told: string;
  readonly tell: (sentence: string) => void;
  /** Where the focus goes: what was pressed may be gone with what was done. */
  readonly heading: RefObject<HTMLHeadingElement | null>;
}

export function useTold(): Told {
  const [last, setLast] = useState<{ readonly sentence: string } | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (last) heading.current?.focus();
  }, [last]);
  return { told: last?.sentence ?? '', tell: (sentence) => setLast({ sentence }), heading };
}
