// SPDX-License-Identifier: Apache-2.0
// One call between two people, each in a browser context of their own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { twoInCall } from './lib/pair.mjs';
import { Room } from './lib/room.mjs';
import { Server } from './lib/server.mjs';
import { throughout } from './lib/until.mjs';

/** Without a goodbye the server keeps the seat for 10 s before it tells anybody. */
const kGoodbyeMsMax = 3000;

/** -60 dBFS, where the page's own meter ends; the made-up microphone is never that quiet. */
const kSilence = 0.001;

let server;
let browser;

before(async () => {
  server = await Server.start('call');
  await server.seedPeople();
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('both_decode_video_and_receive_audio', async () => {
  const { therapist, client, close } = await twoInCall(server, browser);
  for (const room of [therapist, client]) {
    const stats = await room.decodesMore(10);
    assert.match(stats.videoCodec, /^video\//);
    assert.match(stats.dtlsVersion, /^DTLS 1\.[23]$/);
    assert.ok(stats.srtpCipher, 'an SRTP cipher is told');
    assert.ok(await room.visible('remote-video'));
    assert.ok(await room.visible('self-video'));
    assert.deepEqual(room.errors, []);
  }
  await close();
});

test('the_code_leaves_the_address_bar_and_works_once', async () => {
  const { links } = await server.seedSession();
  const context = await browser.newContext();
  const room = await Room.open(await context.newPage(), links.therapist, 'therapist');
  await room.sees('join');
  assert.equal(new URL(room.page.url()).hash, '');
  const again = await Room.open(await context.newPage(), links.therapist, 'somebody');
  await again.told('link_invalid');
  assert.equal(await again.visible('join'), false);
  await context.close();
});

test('a_token_in_the_fragment_opens_the_page_too_and_brings_its_person_along', async () => {
  const { therapist, client, sessionId, roomId, close } = await twoInCall(server, browser);
  const { token } = await server.cli(['token', 'mint', '--user', 'client-a']);
  const fragment = new URLSearchParams({ token, room: roomId, session: sessionId });
  const context = await browser.newContext();
  const page = await context.newPage();
  const elsewhere = await Room.open(page, `${server.url}#${fragment}`, 'client elsewhere');
  await elsewhere.sees('join');
  assert.equal(page.url(), server.url, 'nothing is left in the address bar');
  await elsewhere.join();
  await client.told('replaced');
  await Promise.all([therapist.isInCall(), elsewhere.isInCall()]);
  await Promise.all([therapist.decodesMore(5), elsewhere.decodesMore(5)]);
  await therapist.shows('status', 'state', 'connected');
  assert.equal(await elsewhere.visible('end'), false, 'the token is the client’s');
  assert.deepEqual(elsewhere.errors, []);
  await context.close();
  await close();
});

test('the_other_sees_mute_and_camera_state', async () => {
  const { therapist, client, close } = await twoInCall(server, browser);
  await therapist.shows('remote', 'microphone', 'on');
  await therapist.shows('remote', 'camera', 'on');
  await client.press('mute');
  await client.shows('mute', 'state', 'off');
  await therapist.shows('remote', 'microphone', 'off');
  await therapist.measures('hears silence', (stats) => stats.audioLevel < kSilence);
  await client.press('camera');
  await client.shows('camera', 'state', 'off');
  await therapist.shows('remote', 'camera', 'off');
  const seen = await therapist.text('remote');
  assert.match(seen, /Client A’s camera and microphone are off\./);
  assert.doesNotMatch(seen, /hear you/, 'nobody knows what somebody else hears');
  const { framesDecoded } = await therapist.measures('gets no more frames', framesStandStill());
  await client.press('mute');
  await therapist.shows('remote', 'microphone', 'on');
  assert.match(await therapist.text('remote'), /Client A’s camera is off\. You can still talk\./);
  await client.press('camera');
  await therapist.shows('remote', 'camera', 'on');
  assert.doesNotMatch(await therapist.text('remote'), /camera is off/);
  await therapist.measures('sees again', (stats) => stats.framesDecoded > framesDecoded);
  await therapist.measures('hears again', (stats) => stats.audioLevel > kSilence);
  await close();
});

/** A condition on stats: the count of frames was the same for a good while. */
function framesStandStill() {
  let last = -1;
  let same = 0;
  return ({ framesDecoded }) => {
    same = framesDecoded === last ? same + 1 : 0;
    last = framesDecoded;
    return same >= 10;
  };
}

test('a_closed_tab_is_told_at_once_with_the_name', async () => {
  const { therapist, client, close } = await twoInCall(server, browser);
  // As a person closes it: the page may still say goodbye.
  await client.page.close({ runBeforeUnload: true });
  await therapist.shows('status', 'state', 'left', kGoodbyeMsMax);
  assert.match(await therapist.text('status'), /^Client A left\./);
  await therapist.seesNo('remote-video');
  await close();
});

test('one_leaves_and_comes_back', async () => {
  const { therapist, client, close } = await twoInCall(server, browser);
  await client.press('leave');
  await client.told('left');
  await therapist.shows('status', 'state', 'left');
  await client.press('again');
  await client.join();
  await Promise.all([therapist.isInCall(), client.isInCall()]);
  await therapist.shows('status', 'state', 'connected');
  await Promise.all([therapist.decodesMore(5), client.decodesMore(5)]);
  await close();
});

test('the_therapist_ends_the_call_for_both', async () => {
  const { therapist, client, close } = await twoInCall(server, browser);
  assert.equal(await client.visible('end'), false, 'only the therapist ends');
  await therapist.end();
  await client.told('ended');
  await therapist.told('ended');
  await close();
});

test('a_reload_comes_back_as_the_same_person', async () => {
  const { therapist, client, close } = await twoInCall(server, browser);
  await client.page.reload();
  await client.join();
  await Promise.all([therapist.isInCall(), client.isInCall()]);
  await therapist.decodesMore(5);
  await close();
});

test('a_call_asks_nobody_else_for_anything', async () => {
  const { links } = await server.seedSession();
  const context = await browser.newContext();
  const page = await context.newPage();
  const foreign = [];
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith('http') && host !== new URL(server.url).host) foreign.push(host);
  });
  const room = await Room.open(page, links.therapist, 'therapist');
  await room.join();
  await room.sees('leave');
  await throughout('the room stays', () => room.visible('leave'), 1000);
  assert.deepEqual(foreign, []);
  await context.close();
});
