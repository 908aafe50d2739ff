// SPDX-License-Identifier: Apache-2.0
// A page of another origin tries to use somebody's browser against the server, in both browsers.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { launchFirefox } from './lib/firefox.mjs';
import { Server } from './lib/server.mjs';
import { frameRoom, postForm, StrangePage, tryRoads } from './lib/strange_page.mjs';
import { until } from './lib/until.mjs';

let server;
let strange;
before(async () => {
  server = await Server.start('strange_page');
  strange = await new StrangePage().start();
});
after(async () => {
  await strange?.stop();
  await server?.stop();
});

async function counted(...names) {
  const { exposition } = await server.cli(['metrics']);
  const lines = exposition.split('\n');
  return names.map((name) => {
    const line = lines.find((each) => each.startsWith(`stillroom_${name} `));
    return Number(line.split(' ')[1]);
  });
}
const kRefused = 'security_events_total{kind="request_refused",reason="origin_refused"}';
const kOpened = [
  'links_opened_total{transport="polling"}',
  'links_opened_total{transport="websocket"}',
  'connects_accepted_total',
];

/** Whether `act` opened nothing; how many requests were refused meanwhile. */
async function opensNothing(act) {
  const opened = await counted(...kOpened);
  const [refused] = await counted(kRefused);
  await act();
  assert.deepEqual(await counted(...kOpened), opened);
  return (await counted(kRefused))[0] - refused;
}

function all(ends, end) {
  const names = Object.keys(ends);
  assert.ok(names.length > 0);
  assert.deepEqual(ends, Object.fromEntries(names.map((name) => [name, end])));
}

/** All pages of a browser of Playwright or Puppeteer. */
function pagesOf(browser) {
  return browser.pages?.() ?? browser.contexts().flatMap((context) => context.pages());
}

/** What stands in each frame of a page; nothing where the browser shows none. */
async function framesOf(page) {
  const frames = page.frames().filter((frame) => frame !== page.mainFrame());
  return Promise.all(
    frames.map((frame) =>
      frame
        .evaluate(() => ({
          room: document.getElementById('root') !== null,
          text: document.body?.innerText ?? '',
        }))
        .catch(() => ({ room: false, text: '' })),
    ),
  );
}

for (const [name, launch] of [
  ['chromium', launchChromium],
  ['firefox', launchFirefox],
]) {
  describe(name, () => {
    let browser;
    let page;
    before(async () => {
      browser = await launch();
      page = await browser.newPage();
    });
    after(() => browser?.close());

    test(`in_${name}_every_road_is_open_to_the_servers_own_page`, async () => {
      await page.goto(server.url);
      const { roads } = await page.evaluate(tryRoads, server.url);
      all(roads, 'open');
    });

    for (const where of ['another site', 'another port']) {
      const id = where.replace(' ', '_');

      test(`in_${name}_every_road_is_shut_to_a_page_of_${id}`, async () => {
        await page.goto(strange.urls[where]);
        const refused = await opensNothing(async () => {
          const { roads, elements } = await page.evaluate(tryRoads, server.url);
          all(roads, 'shut');
          all(elements, 'shut');
        });
        assert.ok(refused >= 15, `${refused} requests were refused`);
      });

      test(`in_${name}_a_form_of_${id}_sends_nothing_that_is_taken`, async () => {
        await page.goto(strange.urls[where]);
        const targets = ['socket.io/?EIO=4&transport=polling', 'api/links/exchange', 'api/reports'];
        const [before_] = await counted(kRefused);
        await opensNothing(async () => {
          for (const [at, target] of targets.entries()) {
            await page.evaluate(postForm, { action: server.url + target, name: `frame${at}` });
          }
          await until('refusals', async () => {
            const [refused] = await counted(kRefused);
            return refused - before_ >= targets.length;
          });
        });
      });

      test(`in_${name}_the_room_does_not_show_in_a_frame_of_${id}`, async () => {
        await page.goto(strange.urls[where]);
        const [before_] = await counted(kRefused);
        await page.evaluate(frameRoom, server.url);
        await until('a refusal', async () => (await counted(kRefused))[0] > before_);
        const frames = await framesOf(page);
        assert.equal(frames.length, 1);
        assert.equal(frames[0].room, false, frames[0].text);
      });

      test(`in_${name}_a_page_of_${id}_opens_the_room_and_cannot_reach_into_it`, async () => {
        await page.goto(strange.urls[where]);
        await page.evaluate((target) => {
          window.opened = window.open(target);
        }, server.url);
        const room = await until('the room', async () =>
          (await pagesOf(browser)).find((each) => each.url() === server.url),
        );
        await until('the page', () =>
          room.evaluate(() => document.getElementById('root')?.childElementCount > 0),
        );
        assert.equal(await room.evaluate(() => window.opener), null);
        const reach = await page.evaluate(() => {
          try {
            return `${window.opened.closed} ${window.opened.length}`;
          } catch (error) {
            return error.name;
          }
        });
        // To its opener it is a window that is gone.
        assert.match(reach, /^true 0$/);
        await room.close();
      });
    }
  });
}
