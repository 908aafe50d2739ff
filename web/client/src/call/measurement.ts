// SPDX-License-Identifier: Apache-2.0
import type { Measured } from '../media/measure.ts';
import type { Phase } from './state.ts';

export interface Measurement extends Measured {
  readonly state: Phase;
  /** From the click on Join to the first decoded frame of the other; null until there is one. */
  readonly connectMs: number | null;
}
