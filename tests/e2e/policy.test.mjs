// SPDX-License-Identifier: Apache-2.0
// The page's own policy, in both browsers: what it forbids does not happen, files that were changed
// on their way do nothing, and the server hears of it. That the page itself keeps to it is looked at
// in every test that opens a room (lib/room.mjs).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ChangingProxy } from './lib/changing_proxy.mjs';
import { launchChromium } from './lib/chromium.mjs';
import { launchFirefox } from './lib/firefox.mjs';
import { Server } from './lib/server.mjs';
import { until } from './lib/until.mjs';

/** Chromium tells at once instead of within a minute, and asks no authority. */
const kAtOnce = ['--short-reporting-delay', '--ignore-certificate-errors'];

const browsers = {
  chromium: () => launchChromium({ flags: kAtOnce }),
  firefox: () => launchFirefox({ trusting: true }),
};

/** Runs in the page: what an attacker who can run something there would try next. */
async function tryForbidden() {
  const tried = {};
  const attempt = async (name, act) => {
    try {
      tried[name] = (await act()) ?? 'done';
    } catch (error) {
      tried[name] = error.name;
    }
  };
  const violated = new Promise((resolve) => {
    const directives = new Set();
    addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
      directives.add(effectiveDirective);
      if (directives.size >= 5) resolve([...directives].sort());
    });
    setTimeout(() => resolve([...directives].sort()), 5_000);
  });
  const probe = document.createElement('div');
  await attempt('HTML from text', () => {
    probe.innerHTML = '<b>x</b>';
  });
  await attempt('a script from text', () => {
    document.createElement('script').text = '1';
  });
  await attempt('a policy of its own', () => {
    trustedTypes.createPolicy('mine', {});
  });
  await attempt('another server', () => fetch('https://127.0.0.1:9/').then(() => 'done'));
  await attempt('a style from text', () => {
    document.body.setAttribute('style', 'outline: 1px solid red');
    return getComputedStyle(document.body).outlineStyle === 'none' ? 'nothing' : 'done';
  });
  await attempt('an image from elsewhere', async () => {
    const image = new Image();
    image.src = 'https://127.0.0.1:9/a.png';
    await image.decode();
  });
  await attempt('another base', () => {
    document.head.append(Object.assign(document.createElement('base'), { href: 'https://a/' }));
    return document.baseURI.startsWith('https://a/') ? 'done' : 'nothing';
  });
  return { tried, violated: await violated };
}

for (const [name, launch] of Object.entries(browsers)) {
  describe(name, () => {
    let browser;
    let page;
    before(async () => {
      browser = await launch();
      page = await browser.newPage();
    });
    after(() => browser?.close());

    test(`in_${name}_what_the_policy_forbids_does_not_happen_and_is_counted`, async () => {
      const server = await Server.start(`policy-${name}`, { tls: true });
      const counted = async () => {
        const { exposition } = await server.cli(['metrics']);
        const rows = exposition.matchAll(
          /^stillroom_security_events_total\{kind="page_violated",reason="(\S+)"\} (\d+)/gm,
        );
        return Object.fromEntries(
          [...rows].map(([, directive, count]) => [directive, Number(count)]),
        );
      };
      try {
        await page.goto(server.url);
        const { tried, violated } = await page.evaluate(tryForbidden);
        assert.deepEqual(tried, {
          'HTML from text': 'TypeError',
          'a script from text': 'TypeError',
          'a policy of its own': 'TypeError',
          'another server': 'TypeError',
          'a style from text': 'nothing',
          'an image from elsewhere': 'EncodingError',
          'another base': 'nothing',
        });
        for (const directive of violated) {
          const known = Object.hasOwn(await counted(), directive) ? directive : 'other';
          await until(`${directive} to be counted`, async () => (await counted())[known] > 0);
        }
        const told = await counted();
        for (const directive of ['require-trusted-types-for', 'connect-src', 'img-src']) {
          assert.ok(told[directive] > 0, directive);
        }
      } finally {
        await page.goto('about:blank');
        await server.stop();
      }
    });

    describe('with_somebody_on_the_way', () => {
      let server;
      let proxy;
      before(async () => {
        server = await Server.start(`changed-${name}`);
        proxy = await new ChangingProxy(server.url).start();
      });
      after(async () => {
        await page.goto('about:blank');
        await proxy?.stop();
        await server?.stop();
      });
      const visit = async (changes) => {
        proxy.changes = changes;
        await page.goto(proxy.url);
        const shows = () =>
          page.evaluate(() => document.getElementById('root').childElementCount > 0);
        const styled = () =>
          page.evaluate(() => {
            const [sheet] = document.styleSheets;
            return document.styleSheets.length === 1 && sheet.cssRules.length > 0;
          });
        return { shows, styled };
      };
      const settled = () =>
        until('the page to be loaded', () =>
          page.evaluate(() => document.readyState === 'complete'),
        );

      test(`in_${name}_files_that_nobody_changed_make_the_page`, async () => {
        const { shows, styled } = await visit(/^$/);
        await until('the page', shows);
        assert.equal(await styled(), true);
      });

      test(`in_${name}_a_script_with_another_byte_does_not_run`, async () => {
        const { shows } = await visit(/\.js$/);
        await settled();
        assert.equal(await shows(), false);
      });

      test(`in_${name}_a_stylesheet_with_another_byte_does_not_apply`, async () => {
        const { shows, styled } = await visit(/\.css$/);
        await until('the page', shows);
        await settled();
        assert.equal(await styled(), false);
      });
    });
  });
}
