// SPDX-License-Identifier: Apache-2.0
// A call whose media goes through coturn only, under the shipped deploy/coturn.conf.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start, stop } from '../turn/coturn.mjs';
import { launchChromium } from './lib/chromium.mjs';
import { Room } from './lib/room.mjs';
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
  const { links } = await server.seedSession();
  const contexts = [await browser.newContext(), await browser.newContext()];
  const therapist = await Room.open(await contexts[0].newPage(), links.therapist, 'therapist');
  const client = await Room.open(await contexts[1].newPage(), links['client-a'], 'client');
  await therapist.join();
  await therapist.sees('leave');
  await client.join();
  await Promise.all([therapist.isInCall(), client.isInCall()]);
  for (const room of [therapist, client]) {
    const stats = await room.decodesMore(10);
    assert.equal(stats.localCandidateType, 'relay');
    assert.equal(stats.remoteCandidateType, 'relay');
  }
  await Promise.all(contexts.map((context) => context.close()));
});
