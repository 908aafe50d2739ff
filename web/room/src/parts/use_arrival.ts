// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useEffect, useRef } from 'react';
import { useTexts } from '../texts_context.ts';

/**
 * A new screen is told to everybody: in the title, and by focus on its heading. A title that
 * changes later takes the focus from nobody.
 */
export function useArrival(title: string): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const { product } = useTexts();
  useEffect(() => {
    document.title = `${title} – ${product}`;
  }, [title, product]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return heading;
}
