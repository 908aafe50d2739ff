// SPDX-License-Identifier: Apache-2.0
// One word for how well media arrives, from two measurements some seconds apart.
import type { Measured } from '../media/measure.ts';

export type Quality = 'good' | 'weak';

/** Beyond these, speech breaks up or people talk over each other (ITU-T G.114: 400 ms one way). */
const LOSS_SHARE_MAX = 0.08;
const ROUND_TRIP_MS_MAX = 600;
/** With fewer packets one lost packet would read as a bad line. */
const PACKETS_MIN = 20;

export function judge(before: Measured, now: Measured): Quality {
  if ((now.roundTripMs ?? 0) > ROUND_TRIP_MS_MAX) return 'weak';
  const received = now.packetsReceived - before.packetsReceived;
  const lost = now.packetsLost - before.packetsLost;
  if (received < 0 || received + lost < PACKETS_MIN) return 'good';
  return lost / (received + lost) > LOSS_SHARE_MAX ? 'weak' : 'good';
}
