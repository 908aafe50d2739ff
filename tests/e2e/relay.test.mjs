// SPDX-License-Identifier: Apache-2.0
// A call whose media goes through coturn only, under the shipped deploy/coturn.conf.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start, stop } from '../turn/coturn.mjs';
import { launchChromium } from './lib/chromium.mjs';
import { twoInCall } from './lib/pair.mjs';
import { Server } from './lib/server.mjs';

let turn;
let server;
let browser;

before(async () => {
  turn = await start();
  if (!turn) return;
  server = await Server.start('relay', {
    env: {
      TURN_URLS: turn.urls.join(','),
      TURN_SECRET: turn.secret,
      STILLROOM_TURN_POLICY: 'relay',
    },
  });
  await server.seedPeople();
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await stop(turn);
});

test('a_call_runs_through_the_relay_only', async (t) => {
  if (!turn) return t.skip('no TURN server can run here');
  t.diagnostic(`coturn runs in ${turn.where}`);
  const { therapist, client, close } = await twoInCall(server, browser);
  for (const room of [therapist, client]) {
    const stats = await room.decodesMore(10);
    assert.equal(stats.localCandidateType, 'relay');
    assert.equal(stats.remoteCandidateType, 'relay');
  }
  await close();
});
