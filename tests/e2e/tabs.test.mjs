// SPDX-License-Identifier: Apache-2.0
// Two tabs of one browser are two people, and what a link is told that does not lead in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { Room } from './lib/room.mjs';
import { Server } from './lib/server.mjs';

let server;
let browser;

before(async () => {
  server = await Server.start('tabs');
  await server.seedPeople();
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('therapist_and_client_in_two_tabs_stay_apart_and_reload_works', async () => {
  const { links } = await server.seedSession();
  const context = await browser.newContext();
  const therapist = await Room.open(await context.newPage(), links.therapist, 'therapist');
  const client = await Room.open(await context.newPage(), links['client-a'], 'client');
  await therapist.join();
  await therapist.sees('leave');
  await client.join();
  await Promise.all([therapist.isInCall(), client.isInCall()]);
  assert.equal(await therapist.visible('end'), true);
  assert.equal(await client.visible('end'), false);

  for (const room of [client, therapist]) {
    await room.page.reload();
    await room.join();
    await Promise.all([therapist.isInCall(), client.isInCall()]);
    assert.equal(await therapist.visible('end'), true, 'the therapist is still the therapist');
    assert.equal(await client.visible('end'), false, 'the client is still the client');
  }
  await context.close();
});

test('a_room_that_is_not_open_and_a_cancelled_session_say_so', async () => {
  const context = await browser.newContext();
  const start = new Date(Date.now() + 24 * 3_600_000);
  const early = await server.seedSession({ start });
  const room = await Room.open(await context.newPage(), early.links['client-a'], 'client');
  await room.join();
  await room.told('too_early');
  await room.sees('again');
  const off = await server.seedSession();
  const other = await Room.open(await context.newPage(), off.links['client-a'], 'client');
  await other.sees('join');
  await server.cli(['session', 'cancel', '--id', off.sessionId]);
  await other.join();
  await other.told('cancelled');
  assert.equal(await other.visible('again'), false);
  await context.close();
});
