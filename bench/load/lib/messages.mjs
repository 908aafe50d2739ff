// SPDX-License-Identifier: Apache-2.0
// The three events that are relayed, as browsers say them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kRoot } from './servers.mjs';
import { frame } from './websocket.mjs';

const recorded = (name) =>
  readFileSync(join(kRoot, `server/src/sdp/testdata/chromium-${name}.offer.sdp`), 'utf8');

const offerOf = (name) => ({ offer: { type: 'offer', sdp: recorded(name) } });

/**
 * `burst` and `perMinute` are what a Stillroom server lets one connection say (its
 * signalling/budget.hpp): the load stays within them, or it would measure refusals. Both offers draw
 * on one budget. `rate` is messages a second over all members, `target` the ratio to reach.
 */
export const kKinds = [
  {
    name: 'ice-candidate, 200 B',
    target: '<=0.31',
    event: 'ice-candidate',
    budget: 'candidate',
    rate: 8000,
    perRound: 10,
    body: {
      candidate: {
        candidate: 'candidate:1 1 udp 2122260223 192.168.7.9 50000 typ host',
        sdpMid: '0',
        sdpMLineIndex: 0,
      },
    },
  },
  {
    name: 'offer, audio only, 1 kB',
    target: '<=0.40',
    event: 'offer',
    budget: 'offer',
    rate: 4000,
    perRound: 5,
    body: offerOf('audio-only'),
  },
  {
    name: 'offer, audio and video, 5.7 kB',
    event: 'offer',
    budget: 'offer',
    rate: 2000,
    perRound: 5,
    body: offerOf('call'),
  },
];

export const kBudgets = {
  candidate: { burst: 300, perMinute: 1200 },
  offer: { burst: 40, perMinute: 120 },
};

/** The event's text from one member of a room to the other. */
export function textOf(kind, to, roomId) {
  return `42${JSON.stringify([kind.event, { ...kind.body, to, roomId }])}`;
}

export const frameOf = (kind, to, roomId) => frame(textOf(kind, to, roomId));
