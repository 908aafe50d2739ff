// SPDX-License-Identifier: Apache-2.0
// Two makes of browser in one call.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { launchFirefox } from './lib/firefox.mjs';
import { Room } from './lib/room.mjs';
import { Server } from './lib/server.mjs';

const kCallMsMax = 40_000;

let server;
let chromium;
let firefox;

before(async () => {
  server = await Server.start('firefox');
  await server.seedPeople();
  chromium = await launchChromium();
  firefox = await launchFirefox();
});

after(async () => {
  await Promise.all([chromium?.close(), firefox?.close()]);
  await server?.stop();
});

for (const first of ['chromium', 'firefox']) {
  test(`chromium_and_firefox_decode_each_other_when_${first}_is_there_first`, async () => {
    const { links } = await server.seedSession();
    const context = await chromium.newContext();
    const rooms = {
      chromium: await Room.open(await context.newPage(), links.therapist, 'chromium'),
      firefox: await Room.open(await firefox.newPage(), links['client-a'], 'firefox'),
    };
    const second = first === 'chromium' ? 'firefox' : 'chromium';
    await rooms[first].join();
    await rooms[first].sees('leave');
    await rooms[second].join();
    const both = Object.values(rooms);
    await Promise.all(both.map((room) => room.isInCall(kCallMsMax)));
    await Promise.all(both.map((room) => room.decodesMore(10, kCallMsMax)));
    assert.deepEqual([...rooms.chromium.errors, ...rooms.firefox.errors], []);
    await Promise.all(both.map((room) => room.close()));
    await context.close();
  });
}
