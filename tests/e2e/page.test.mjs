// SPDX-License-Identifier: Apache-2.0
// The page on a phone, enlarged, and by keyboard alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { twoInLobby } from './lib/pair.mjs';
import { Room } from './lib/room.mjs';
import { Server } from './lib/server.mjs';

const kPhone = { width: 360, height: 740 };
/** A window of 1280 by 800 enlarged to 200 %, and of 1280 by 1024 to 400 % (WCAG 2.2, 1.4.10). */
const kTwice = { width: 640, height: 400 };
const kFourTimes = { width: 320, height: 256 };

const kOnPhone = { viewport: kPhone, hasTouch: true, colorScheme: 'dark' };

const kTabsMax = 30;

let server;
let browser;

before(async () => {
  server = await Server.start('page');
  await server.seedPeople();
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/**
 * What is wrong with the layout as it is: a page wider than the window, a control that stands
 * outside of it or under something else. With `scrolling` each control is scrolled to first.
 */
function flawsOf(room, { scrolling }) {
  return room.page.evaluate((mayScroll) => {
    const found = [];
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > window.innerWidth) found.push(`the page is ${scrollWidth} wide`);
    // A dialog makes everything behind it out of reach, and means to.
    const scope = document.querySelector('dialog[open]') ?? document;
    for (const control of scope.querySelectorAll('button, select')) {
      const name = control.textContent.trim() || control.id;
      if (mayScroll) control.scrollIntoView({ block: 'nearest' });
      const { left, right, top, bottom } = control.getBoundingClientRect();
      const { innerWidth, innerHeight } = window;
      // Half a pixel is how far scrolling rounds.
      const sideways = left < 0 || right > innerWidth;
      if (sideways || top < -0.5 || bottom > innerHeight + 0.5) {
        found.push(`${name} is outside: ${[left, top, right, bottom].map(Math.round)}`);
      } else if (
        !control.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2))
      ) {
        found.push(`${name} is covered`);
      }
    }
    return found;
  }, scrolling);
}

async function fits(room, where) {
  for (const look of [kTwice, kFourTimes, kPhone]) {
    await room.page.setViewportSize(look);
    const flaws = await flawsOf(room, { scrolling: where === 'lobby' || look === kFourTimes });
    assert.deepEqual(flaws, [], `${where} at ${look.width}×${look.height}`);
  }
}

test('on_a_phone_and_enlarged_nothing_is_cut_off_and_every_control_is_in_reach', async () => {
  const { links } = await server.seedSession();
  const context = await browser.newContext(kOnPhone);
  const therapist = await Room.open(await context.newPage(), links.therapist, 'therapist');
  await therapist.sees('join');
  await fits(therapist, 'lobby');
  assert.ok(await inWindow(therapist, 'join'), 'the way in is in sight without scrolling');
  await therapist.page.tap('[data-testid="join"]');
  await therapist.shows('status', 'state', 'waiting');
  await fits(therapist, 'waiting');
  for (const sheet of ['devices', 'end']) {
    await therapist.press(sheet);
    await fits(therapist, sheet);
    await therapist.page.keyboard.press('Escape');
    await therapist.page.waitForSelector('dialog', { state: 'detached' });
  }
  await therapist.page.tap('[data-testid="leave"]');
  await therapist.told('left');
  await fits(therapist, 'left');
  assert.deepEqual(therapist.errors, []);
  await context.close();
});

function inWindow(room, testId) {
  return room.page.evaluate((id) => {
    const { top, bottom } = document.querySelector(`[data-testid="${id}"]`).getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  }, testId);
}

/** Goes on with Tab until the control has the focus, and makes sure that it shows. */
async function tabTo(room, testId) {
  for (let tabs = 0; tabs < kTabsMax; tabs += 1) {
    await room.page.keyboard.press('Tab');
    const focus = await room.page.evaluate(() => {
      const { dataset, tagName } = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      const shown = outlineStyle !== 'none' && outlineWidth !== '0px';
      return { testId: dataset.testid, tagName, shown };
    });
    if (focus.tagName !== 'BODY') assert.ok(focus.shown, `the focus on ${focus.testId} shows`);
    if (focus.testId === testId) return;
  }
  assert.fail(`${room.name} did not come to ${testId} by Tab`);
}

test('by_keyboard_alone_one_joins_mutes_and_leaves_a_call_with_a_phone', async () => {
  const looks = { therapist: kOnPhone };
  const { therapist, client, close } = await twoInLobby(server, browser, { looks });
  const { keyboard } = client.page;
  await therapist.join();
  await therapist.sees('leave');
  await tabTo(client, 'join');
  await keyboard.press('Enter');
  await Promise.all([therapist.isInCall(), client.isInCall()]);
  await fits(therapist, 'call');
  await tabTo(client, 'mute');
  await keyboard.press('Space');
  await therapist.shows('remote', 'microphone', 'off');
  await keyboard.press('Space');
  await therapist.shows('remote', 'microphone', 'on');
  await tabTo(client, 'devices');
  await keyboard.press('Enter');
  await client.page.waitForSelector('dialog[open]');
  await keyboard.press('Escape');
  await client.page.waitForSelector('dialog', { state: 'detached' });
  assert.equal(await client.page.evaluate(() => document.activeElement.dataset.testid), 'devices');
  await tabTo(client, 'leave');
  await keyboard.press('Enter');
  await client.told('left');
  await therapist.shows('status', 'state', 'left');
  await tabTo(client, 'again');
  await keyboard.press('Enter');
  await client.sees('join');
  assert.deepEqual(client.errors, []);
  await close();
});
