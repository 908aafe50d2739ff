// SPDX-License-Identifier: Apache-2.0
// The server may die in the middle of a call: people go on talking, and are back by themselves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { twoInCall } from './lib/pair.mjs';
import { Server } from './lib/server.mjs';

const kBackMsMax = 40_000;

let server;
let browser;

before(async () => {
  server = await Server.start('restart');
  await server.seedPeople();
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('media_goes_on_while_the_server_is_dead_and_both_return_to_the_room', async () => {
  const { therapist, client, sessionId, close } = await twoInCall(server, browser);
  const rooms = [therapist, client];

  await server.kill();
  const reconnecting = (stats) => stats.state === 'reconnecting';
  await Promise.all(rooms.map((room) => room.measures('notices', reconnecting)));
  await client.shows('status', 'state', 'media-on');
  await Promise.all(rooms.map((room) => room.decodesMore(20)));

  await server.run();
  const back = (stats) => stats.state === 'joined';
  await Promise.all(rooms.map((room) => room.measures('is back', back, kBackMsMax)));
  await Promise.all(rooms.map((room) => room.decodesMore(20)));

  // Back in the room is more than connected: the therapist's end reaches the client.
  await therapist.end();
  await client.told('ended');
  const { sessions } = await server.cli(['session', 'list']);
  assert.equal(sessions.find(({ id }) => id === sessionId)?.status, 'completed');
  await close();
});
