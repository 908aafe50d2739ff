// SPDX-License-Identifier: Apache-2.0
// A call lasts as long as its people may be there: their page renews a short token by itself, and
// whoever is shut out hears why while the other sees them go.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { launchChromium } from './lib/chromium.mjs';
import { twoInCall } from './lib/pair.mjs';
import { Server } from './lib/server.mjs';

const kTokenSeconds = 10;

let server;
let browser;

before(async () => {
  server = await Server.start('access', {
    env: { STILLROOM_SECURITY_TOKEN_LIFETIME: `${kTokenSeconds}s` },
  });
  await server.seedPeople();
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a_call_outlives_the_tokens_it_began_with_and_not_the_right_to_be_there', async () => {
  const { therapist, client, close } = await twoInCall(server, browser);
  await pause(2.2 * kTokenSeconds * 1000);
  for (const room of [therapist, client]) {
    assert.equal((await room.stats()).state, 'joined');
    await room.decodesMore(20);
  }

  await server.cli(['user', 'disable', '--id', 'client-a']);
  await client.told('user_inactive');
  await therapist.shows('status', 'state', 'left');
  await close();
});
