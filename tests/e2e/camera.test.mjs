// SPDX-License-Identifier: Apache-2.0
// Without a camera there is still a way on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { Room } from './lib/room.mjs';
import { Server } from './lib/server.mjs';

let server;
let seeing;

before(async () => {
  server = await Server.start('camera');
  await server.seedPeople();
  seeing = await launchChromium();
});

after(async () => {
  await seeing?.close();
  await server?.stop();
});

/** A client without a camera, for the named reason, meets a therapist who has one. */
async function meetWithout(camera) {
  const { links } = await server.seedSession();
  const blind = await launchChromium({ camera });
  const context = await seeing.newContext();
  const client = await Room.open(await blind.newPage(), links['client-a'], 'client');
  const said = await client.told(`camera-${camera}`);
  // The machine's microphone is of the same kind.
  await client.told(`microphone-${camera}`);
  const therapist = await Room.open(await context.newPage(), links.therapist, 'therapist');
  await therapist.join();
  await therapist.sees('leave');
  await client.join();
  const close = () => Promise.all([blind.close(), context.close()]);
  return { therapist, client, said, close };
}

for (const camera of ['denied', 'absent']) {
  test(`with_the_camera_${camera}_the_page_says_so_and_the_call_still_works`, async () => {
    const { therapist, client, said, close } = await meetWithout(camera);
    assert.match(said, /camera/i);
    await client.isInCall();
    await therapist.shows('remote', 'camera', 'off');
    await therapist.shows('remote', 'microphone', 'off');
    assert.deepEqual(client.errors, []);
    await close();
  });
}
