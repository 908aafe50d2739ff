// SPDX-License-Identifier: Apache-2.0
// Calls in headless browsers against the socket.io peer, for work on the page:
//   npm run build && node web/room/dev/call.mjs [--shots DIR] [--only NAME]
// Prints a line for each scenario and exits 0 when all of them held.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { Stand } from './stand.mjs';

const { values: args } = parseArgs({
  options: {
    shots: { type: 'string' },
    only: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const QUIET = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];
const FAKE_MEDIA = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--auto-select-desktop-capture-source=Entire screen',
];
const WITHIN_MS = 40_000;
const WIDE = { viewport: { width: 1280, height: 800 }, colorScheme: 'light' };
const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true };
const ZOOMED = { viewport: { width: 640, height: 400 }, colorScheme: 'light' };

const launch = (flags) =>
  chromium.launch({ executablePath: args.chromium, args: [...QUIET, ...flags] });

async function until(what, probe, last = probe) {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const seen = await probe();
    if (seen) return seen;
    const late = Date.now() > deadline;
    assert.ok(!late, late && `waited in vain for ${what}; last seen: ${await last()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Opens the room page of one person, in a browser context of their own. */
async function visit(browser, link, look) {
  const context = await browser.newContext({ ...look, locale: 'en-GB' });
  const page = await context.newPage();
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(link);
  const at = (id) => page.getByTestId(id);
  const stats = () => page.evaluate(() => window.stillroomStats());
  return {
    page,
    errors,
    at,
    stats,
    press: (id) => at(id).click({ timeout: WITHIN_MS }),
    shows: async (id, name, value) => {
      const read = async () =>
        (await at(id).count()) === 1 ? at(id).getAttribute(`data-${name}`) : null;
      await until(`${id} with ${name} ${value}`, async () => (await read()) === value, read);
    },
    told: (id) => page.locator(`[data-notice="${id}"]`).waitFor({ timeout: WITHIN_MS }),
    inCall: () =>
      until('video and sound', async () => {
        const { framesDecoded, audioPacketsReceived } = await stats();
        return framesDecoded > 0 && audioPacketsReceived > 0;
      }),
    moreFrames: async () => {
      const { framesDecoded } = await stats();
      await until('more frames', async () => (await stats()).framesDecoded > framesDecoded + 15);
    },
    shoot: async (name) => {
      if (!args.shots) return;
      mkdirSync(args.shots, { recursive: true });
      await page.screenshot({ path: join(args.shots, `${name}.png`) });
    },
    close: () => context.close(),
  };
}

async function pair(browser, stand, session) {
  const therapist = await visit(browser, stand.link('u-therapist', session), WIDE);
  const maya = await visit(browser, stand.link('u-maya', session), PHONE);
  await therapist.press('join');
  await therapist.shows('status', 'state', 'waiting');
  await maya.press('join');
  await Promise.all([therapist.inCall(), maya.inCall()]);
  return { therapist, maya };
}

const scenarios = {
  async two_people_see_and_hear_each_other(browser, stand, session) {
    const therapist = await visit(browser, stand.link('u-therapist', session), WIDE);
    const maya = await visit(browser, stand.link('u-maya', session), PHONE);
    for (const each of [therapist, maya]) await each.at('join').waitFor();
    assert.equal(new URL(maya.page.url()).hash, '');
    await until('a picture', () =>
      therapist.at('self-video').evaluate((video) => video.videoWidth > 0),
    );
    await therapist.shoot('lobby-wide-light');
    await maya.shoot('lobby-phone-dark');
    await therapist.press('join');
    await therapist.shows('status', 'state', 'waiting');
    await therapist.shoot('waiting-wide-light');
    await maya.press('join');
    await Promise.all([therapist.inCall(), maya.inCall()]);
    await Promise.all([therapist.moreFrames(), maya.moreFrames()]);
    await therapist.shoot('call-wide-light');
    await maya.shoot('call-phone-dark');
    for (const each of [therapist, maya]) {
      await each.shows('status', 'state', 'connected');
      assert.deepEqual(each.errors, []);
    }
    console.log(JSON.stringify(await maya.stats()));
    return [therapist, maya];
  },

  async mute_camera_and_screen_are_seen_by_the_other(browser, stand, session) {
    const { therapist, maya } = await pair(browser, stand, session);
    await maya.press('mute');
    await therapist.shows('remote', 'microphone', 'off');
    await maya.press('camera');
    await therapist.shows('remote', 'camera', 'off');
    await therapist.shoot('sound-only-wide-light');
    await maya.shoot('camera-off-phone-dark');
    await maya.press('camera');
    await therapist.shows('remote', 'camera', 'on');
    await therapist.press('share');
    await maya.shows('remote', 'screen', 'on');
    await maya.moreFrames();
    await maya.shoot('share-phone-dark');
    await therapist.press('share');
    await maya.shows('remote', 'screen', 'off');
    await maya.moreFrames();
    await therapist.press('devices');
    await therapist.shoot('devices-wide-light');
    await therapist.page.keyboard.press('Escape');
    return [therapist, maya];
  },

  async the_server_dies_and_the_call_goes_on(browser, stand, session) {
    const { therapist, maya } = await pair(browser, stand, session);
    const before = await maya.stats();
    await stand.killPeer();
    await Promise.all([
      therapist.shows('status', 'state', 'media-on'),
      maya.shows('status', 'state', 'media-on'),
    ]);
    await maya.shoot('server-away-phone-dark');
    await maya.moreFrames();
    await stand.startPeer();
    await Promise.all([
      therapist.shows('status', 'state', 'connected'),
      maya.shows('status', 'state', 'connected'),
    ]);
    await Promise.all([therapist.moreFrames(), maya.moreFrames()]);
    const { framesDecoded } = await maya.stats();
    // The counter belongs to the peer connection: it only grows while that is the same one.
    assert.ok(framesDecoded > before.framesDecoded);
    await therapist.press('end');
    await therapist.shoot('end-dialog-wide-light');
    await therapist.press('end-confirm');
    await Promise.all([therapist.told('ended'), maya.told('ended')]);
    await maya.shoot('ended-phone-dark');
    return [therapist, maya];
  },

  async one_reloads_and_one_leaves_and_both_come_back(browser, stand, session) {
    const { therapist, maya } = await pair(browser, stand, session);
    await maya.page.reload();
    await therapist.shows('status', 'state', 'waiting');
    await maya.press('join');
    await Promise.all([therapist.inCall(), maya.inCall()]);
    await therapist.moreFrames();
    await therapist.press('leave');
    await therapist.told('left');
    await therapist.shoot('left-wide-light');
    await maya.shows('status', 'state', 'waiting');
    await maya.shoot('waiting-phone-dark');
    await therapist.press('again');
    await therapist.press('join');
    await Promise.all([therapist.inCall(), maya.inCall()]);
    return [therapist, maya];
  },

  async a_page_that_dies_while_the_server_is_away_is_met_anew(browser, stand, session) {
    const { therapist, maya } = await pair(browser, stand, session);
    await stand.killPeer();
    await maya.page.reload();
    await maya.press('join');
    await stand.startPeer();
    await Promise.all([
      therapist.shows('status', 'state', 'connected'),
      maya.shows('status', 'state', 'connected'),
    ]);
    await Promise.all([therapist.inCall(), maya.inCall()]);
    await Promise.all([therapist.moreFrames(), maya.moreFrames()]);
    return [therapist, maya];
  },

  async the_same_person_elsewhere_takes_the_place(browser, stand, session) {
    const { therapist, maya } = await pair(browser, stand, session);
    const laptop = await visit(browser, stand.link('u-maya', session), ZOOMED);
    await laptop.at('join').waitFor();
    await laptop.shoot('lobby-zoomed-light');
    await laptop.press('join');
    await maya.told('replaced');
    await Promise.all([therapist.inCall(), laptop.inCall()]);
    await therapist.moreFrames();
    await laptop.shoot('call-zoomed-light');
    return [therapist, maya, laptop];
  },

  async a_link_works_once_and_refusals_have_their_sentence(browser, stand, session) {
    const link = stand.link('u-maya', session);
    const first = await visit(browser, link, WIDE);
    await first.at('join').waitFor();
    const second = await visit(browser, link, PHONE);
    await second.told('link_invalid');
    await second.shoot('link-invalid-phone-dark');
    const early = await visit(browser, stand.link('u-maya', 'early'), WIDE);
    await early.press('join');
    await early.told('too_early');
    await early.shoot('too-early-wide-light');
    const off = await visit(browser, stand.link('u-maya', 'cancelled'), WIDE);
    await off.press('join');
    await off.told('cancelled');
    return [first, second, early, off];
  },

  async three_people_share_one_room(browser, stand) {
    const { therapist, maya } = await pair(browser, stand, 'couple');
    const jon = await visit(browser, stand.link('u-jon', 'couple'), WIDE);
    await jon.press('join');
    await until('two others', async () => (await jon.at('remote-video').count()) === 2);
    await jon.inCall();
    await jon.shows('status', 'state', 'connected');
    await jon.shoot('three-wide-light');
    await maya.shoot('three-phone-dark');
    return [therapist, maya, jon];
  },

  async without_camera_and_microphone_one_can_still_listen(browser, stand, session) {
    const blind = await launch([
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream=deny',
    ]);
    try {
      const therapist = await visit(browser, stand.link('u-therapist', session), WIDE);
      const maya = await visit(blind, stand.link('u-maya', session), PHONE);
      await maya.told('camera-denied');
      await maya.told('microphone-denied');
      await maya.shoot('denied-phone-dark');
      await therapist.press('join');
      await therapist.shows('status', 'state', 'waiting');
      await maya.press('join');
      await maya.inCall();
      await therapist.shows('remote', 'camera', 'off');
      await maya.shoot('denied-call-phone-dark');
      return [therapist, maya];
    } finally {
      await blind.close();
    }
  },
};

async function run(name, scenario, browser, stand) {
  try {
    const visits = await scenario(browser, stand, name);
    await Promise.all(visits.map((each) => each.close().catch(() => undefined)));
    console.log(`ok    ${name}`);
    return true;
  } catch (error) {
    console.log(`FAIL  ${name}: ${error.message}`);
    await Promise.all(browser.contexts().map((context) => context.close()));
    return false;
  }
}

const chosen = Object.entries(scenarios).filter(([name]) => name.includes(args.only ?? ''));
const later = new Date(Date.now() + 24 * 3_600_000).toISOString();
const stand = new Stand({
  ...Object.fromEntries(Object.keys(scenarios).map((name) => [name, {}])),
  couple: { type: 'couples' },
  early: { start: later },
  cancelled: { status: 'cancelled' },
});
await stand.open();
const browser = await launch(FAKE_MEDIA);
const results = [];
for (const [name, scenario] of chosen) results.push(await run(name, scenario, browser, stand));
await browser.close();
await stand.close();
process.exit(results.length > 0 && results.every(Boolean) ? 0 : 1);
