// SPDX-License-Identifier: Apache-2.0
import { createContext, use } from 'react';
import { english, type Texts } from './texts.ts';

export const TextsContext = createContext<Texts>(english);

export function useTexts(): Texts {
  return use(TextsContext);
}
