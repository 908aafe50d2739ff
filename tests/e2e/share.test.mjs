// SPDX-License-Identifier: Apache-2.0
// A shared screen, and a room of three.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { twoInCall } from './lib/pair.mjs';
import { Room } from './lib/room.mjs';
import { Server } from './lib/server.mjs';
import { until } from './lib/until.mjs';

const kScreen = { color: 'rgb(200, 0, 200)', width: 960, height: 600 };

let server;
let browser;
/** One call of two for all tests, where a third has a place. */
let call;

before(async () => {
  server = await Server.start('share');
  await server.seedPeople();
  browser = await launchChromium();
  const session = { clients: ['client-a', 'client-b'], type: 'couples' };
  call = await twoInCall(server, browser, { session, prepare: oneColourScreen });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/**
 * Chromium's made-up screen shows what its made-up camera does. Here the page is given a screen of
 * one colour instead; `window.stopFromOutside()` is the browser's own button to stop.
 */
function oneColourScreen(page) {
  return page.addInitScript(({ color, width, height }) => {
    navigator.mediaDevices.getDisplayMedia = async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      const pen = canvas.getContext('2d');
      const stream = canvas.captureStream(10);
      const drawing = setInterval(() => {
        pen.fillStyle = color;
        pen.fillRect(0, 0, width, height);
      }, 100);
      const [track] = stream.getVideoTracks();
      window.stopFromOutside = () => {
        clearInterval(drawing);
        track.stop();
        track.dispatchEvent(new Event('ended'));
      };
      return stream;
    };
  }, kScreen);
}

/** What the middle of the other's picture looks like: red, green, blue. */
function middleOf(room) {
  return room.page.evaluate(() => {
    const video = document.querySelector('[data-testid="remote-video"]');
    const pen = document.createElement('canvas').getContext('2d');
    pen.drawImage(video, 0, 0, 3, 3);
    return [...pen.getImageData(1, 1, 1, 1).data.slice(0, 3)];
  });
}

const isShared = ([red, green, blue]) => red > 140 && green < 70 && blue > 140;

function seesScreen(room, wanted) {
  const what = `${room.name} to see ${wanted ? 'the shared screen' : 'the camera again'}`;
  return until(what, async () => isShared(await middleOf(room)) === wanted);
}

test('the_other_sees_a_shared_screen_until_sharing_stops', async () => {
  const { therapist, client } = call;
  assert.equal(isShared(await middleOf(client)), false);
  for (const stop of ['share', 'the browser']) {
    await therapist.press('share');
    await therapist.shows('share', 'state', 'on');
    await client.shows('remote', 'screen', 'on');
    await seesScreen(client, true);
    await client.decodesMore(5);
    assert.match(await client.text('remote'), /Therapist is sharing a screen/);
    if (stop === 'share') await therapist.press('share');
    else await therapist.page.evaluate(() => window.stopFromOutside());
    await therapist.shows('share', 'state', 'off');
    await client.shows('remote', 'screen', 'off');
    await seesScreen(client, false);
  }
  assert.deepEqual([...therapist.errors, ...client.errors], []);
});

test('three_people_see_each_other_and_one_leaves', async () => {
  const { therapist, client, links } = call;
  const context = await browser.newContext();
  const third = await Room.open(await context.newPage(), links['client-b'], 'third');
  await third.join();
  for (const room of [therapist, client, third]) await seesMoving(room, 2);
  await third.shows('status', 'state', 'connected');
  await third.press('leave');
  for (const room of [therapist, client]) {
    await until(`${room.name} to be told`, async () =>
      /^Connected\. Client B left\./.test(await room.text('status')),
    );
    await seesMoving(room, 1);
  }
  await context.close();
});

/** Until `count` others are shown and each of their pictures moves. */
function seesMoving(room, count) {
  return until(`${room.name} to see ${count} others`, () =>
    room.page.evaluate(async (wanted) => {
      const videos = [...document.querySelectorAll('[data-testid="remote-video"]')];
      const framesOf = (video) => video.getVideoPlaybackQuality().totalVideoFrames;
      const before = videos.map(framesOf);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const moving = videos.filter((video, index) => framesOf(video) > before[index]);
      return videos.length === wanted && moving.length === wanted;
    }, count),
  );
}
