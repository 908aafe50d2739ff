// SPDX-License-Identifier: Apache-2.0
// The way of a practice that has nothing but the program: invitation, set-up, log-in, a planned
// session, a client's link, a call.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { totp } from '../lib/totp.mjs';
import { AccountPage, kPassword } from './lib/account.mjs';
import { launchChromium } from './lib/chromium.mjs';
import { launchFirefox } from './lib/firefox.mjs';
import { Room } from './lib/room.mjs';
import { Server } from './lib/server.mjs';
import { until } from './lib/until.mjs';

const kPhone = { viewport: { width: 360, height: 740 } };
const kPeople = [
  { id: 'ada', role: 'admin', name: 'Ada Admin' },
  { id: 'tea', role: 'therapist', name: 'Tea Example' },
  { id: 'ana', role: 'client', name: 'Ana Example' },
  { id: 'ben', role: 'client', name: 'Ben Example' },
];
/** By user id: what their authenticator has. */
const secrets = {};
const recovery = {};

// As in production; and for calls on one machine, whose addresses are not of the world outside.
let server;
let practice;
let browser;

before(async () => {
  server = await Server.start('account', { strict: true });
  practice = await Server.start('practice', { tls: true });
  await server.seedPeople(kPeople);
  await practice.seedPeople(kPeople);
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await Promise.all([server?.stop(), practice?.stop()]);
});

const address = (path, at = server) => new URL(path, at.url).href;
const newContext = (look) => browser.newContext({ ignoreHTTPSErrors: true, ...look });

async function open(context, path, name, at) {
  return AccountPage.open(await context.newPage(), address(path, at), name);
}

async function invited(id, at = server) {
  const { path } = await at.cli(['account', 'invite', '--user', id]);
  return path;
}

/** The account of `id`, by its page; ends where the page leads. */
async function setUp(context, id, at) {
  const page = await open(context, await invited(id, at), id, at);
  await page.fill('password', kPassword);
  if (await page.visible('secret')) {
    secrets[id] = (await page.text('secret')).replaceAll(' ', '');
    // The one before: the next log-in has the present one.
    await page.fill('code', totp(secrets[id], -1));
  }
  await page.press('set-up');
  return page;
}

async function loggedIn(context, id) {
  const page = await open(context, '/login', id);
  await page.logIn(id, secrets[id] ? await freshCode(id) : '');
  await page.sees('log-out');
  return page;
}

/** One that was not used before: each works once. */
const used = {};
async function freshCode(id) {
  const code = await until(
    `a new code of ${id}`,
    () => {
      const now = totp(secrets[id]);
      return now !== used[id] && now;
    },
    35_000,
  );
  used[id] = code;
  return code;
}

describe('set-up', () => {
  test('staff are invited, show a code of their authenticator, keep recovery codes, log in', async () => {
    const context = await newContext(kPhone);
    const page = await open(context, await invited('ada'), 'ada');
    await page.arrivedAt('Welcome, Ada Admin');
    assert.equal(await page.path(), '/account', 'the code has left the address bar');
    assert.equal(await page.visible('qr'), true);
    const secret = (await page.text('secret')).replaceAll(' ', '');
    const uri = new URL(await page.attribute('otpauth', 'href'));
    assert.equal(uri.protocol, 'otpauth:');
    assert.equal(uri.searchParams.get('secret'), secret);
    assert.equal(await page.attribute('password', 'autocomplete'), 'new-password');
    assert.equal(await page.attribute('code', 'autocomplete'), 'one-time-code');
    assert.equal(await page.attribute('code', 'inputmode'), 'numeric');

    await page.fill('password', 'too short');
    await page.fill('code', '000000');
    await page.press('set-up');
    assert.equal(await page.visible('set-up'), true, 'the browser holds a short one back');
    await page.fill('password', kPassword);
    await page.press('show-password');
    assert.equal(await page.attribute('password', 'type'), 'text');
    await page.press('set-up');
    const told = () =>
      page.page.evaluate(() => document.querySelector('[role=alert]')?.textContent);
    await until('ada to be told of the code', async () => /code is wrong/.test(await told()));

    await page.page.reload();
    await page.arrivedAt('Welcome, Ada Admin');
    secrets.ada = (await page.text('secret')).replaceAll(' ', '');
    assert.equal(secrets.ada, secret, 'a reload is the same invitation');
    await page.fill('password', kPassword);
    await page.fill('code', totp(secret, -1));
    await page.press('set-up');
    await page.arrivedAt('Keep your recovery codes');
    recovery.ada = await page.page.$$eval('[data-testid="recovery-codes"] code', (all) =>
      all.map((each) => each.textContent),
    );
    assert.equal(recovery.ada.length, 10);
    const download = page.page.waitForEvent('download');
    await page.page.click('a[download]');
    assert.equal((await download).suggestedFilename(), 'stillroom-recovery-codes.txt');
    assert.equal(await page.page.isDisabled('[data-testid="go-on"]'), true);
    await page.press('kept');
    await page.press('go-on');
    await page.arrivedAt('Log in');
    assert.deepEqual(await page.kept(), [], 'the invitation is gone from the tab');
    await page.fill('password', kPassword);
    await page.fill('code', await freshCode('ada'));
    await page.press('log-in');
    await page.arrivedAt('Hello, Ada Admin');
    assert.equal(await page.path(), '/home');
    assert.deepEqual(page.errors, []);
    await context.close();
  });

  test('a client needs no second factor, and is at home at once', async () => {
    const context = await newContext(kPhone);
    const page = await setUp(context, 'ana');
    await page.arrivedAt('Hello, Ana Example');
    assert.deepEqual(await page.kept(), ['stillroom.log-in']);
    assert.equal(await page.visible('plan'), false);
    await context.close();
  });

  test('an invitation that was used, and none, say so and show the way on', async () => {
    const context = await newContext();
    const path = await invited('ben');
    const page = await open(context, path, 'ben');
    await page.fill('password', kPassword);
    await page.press('set-up');
    await page.arrivedAt('Hello, Ben Example');
    const again = await open(context, path, 'ben again');
    await again.told('invite_invalid');
    assert.equal(await again.page.isVisible('a[href="/login"]'), true);
    const none = await open(context, '/account', 'nobody');
    await none.told('invite_missing');
    await context.close();
  });
});

describe('log-in', () => {
  test('wrong is told as one thing, recovery codes stand in, log-out leaves nothing', async () => {
    const context = await newContext();
    const page = await open(context, '/home', 'ada');
    await page.arrivedAt('Log in');
    assert.equal(await page.attribute('user', 'autocomplete'), 'username');
    assert.equal(await page.attribute('password', 'autocomplete'), 'current-password');
    for (const [user, password, code] of [
      ['ada', 'not the password', totp(secrets.ada)],
      ['nobody', kPassword, ''],
      ['ada', kPassword, ''],
    ]) {
      await page.logIn(user, code, password);
      assert.equal(await page.told('log_in_failed'), 'Name, password or code is wrong.');
      await page.fill('code', '');
    }
    await page.logIn('ada', recovery.ada[0]);
    await page.arrivedAt('Hello, Ada Admin');
    assert.deepEqual(await page.kept(), ['stillroom.log-in']);
    await page.page.reload();
    await page.arrivedAt('Hello, Ada Admin');
    await page.press('log-out');
    await page.arrivedAt('Log in');
    assert.deepEqual(await page.kept(), []);
    await page.page.goto(address('/home'));
    await page.arrivedAt('Log in');
    await context.close();
  });

  test('too many wrong ones have to wait, and see for how long', async () => {
    const context = await newContext();
    const page = await open(context, '/login', 'ben');
    await until('ben to be told to wait', async () => {
      if (await page.page.isEnabled('[data-testid="log-in"]')) {
        await page.logIn('ben', '', 'wrong again and again');
      }
      return page.visible('problem') && /Wait \d+ second/.test(await page.text('log-in'));
    });
    assert.equal(await page.attribute('problem', 'data-notice'), 'rate_limited');
    assert.equal(await page.page.isDisabled('[data-testid="log-in"]'), true);
    await until('the wait to be over', () => page.page.isEnabled('[data-testid="log-in"]'));
    await context.close();
  });

  test('two tabs of one browser are two people', async () => {
    const context = await newContext();
    const first = await setUp(context, 'tea');
    await first.sees('recovery-codes');
    await first.close();
    const tea = await loggedIn(context, 'tea');
    const ana = await loggedIn(context, 'ana');
    for (const [page, name] of [
      [tea, 'Tea Example'],
      [ana, 'Ana Example'],
    ]) {
      await page.page.reload();
      await page.arrivedAt(`Hello, ${name}`);
    }
    await ana.press('log-out');
    await ana.arrivedAt('Log in');
    await tea.press('refresh');
    await tea.page.reload();
    await tea.arrivedAt('Hello, Tea Example');
    await context.close();
  });

  test('who is disabled meanwhile is shown the log-in, and the tab is empty', async () => {
    const context = await newContext();
    await server.seedPeople([{ id: 'eva', role: 'client', name: 'Eva' }]);
    const page = await setUp(context, 'eva');
    await page.arrivedAt('Hello, Eva');
    await server.cli(['user', 'disable', '--id', 'eva']);
    await page.press('refresh');
    await page.arrivedAt('Log in');
    assert.deepEqual(await page.kept(), []);
    await context.close();
  });
});

describe('a practice', () => {
  test('a therapist plans a session, sends a link, and both see each other', async () => {
    const context = await newContext(kPhone);
    const tea = await setUp(context, 'tea', practice);
    await tea.press('plan');
    await tea.fill('client', 'ana');
    await tea.fill(
      'start',
      await tea.page.evaluate(() => {
        const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000);
        return `${now.toISOString().slice(0, 14)}00`;
      }),
    );
    await tea.press('submit');
    await tea.sees('session');
    assert.match(await tea.text('session'), /With Ana Example/);
    await tea.press('manage');
    await tea.press('link');
    await tea.sees('to-hand-on');
    const link = await tea.page.inputValue('[data-testid="to-hand-on"]');
    assert.match(link, /^https:\/\/127.0.0.1:\d+\/#code=[\w-]{43}$/);
    await tea.press('close');

    const theirs = await newContext();
    const client = await Room.open(await theirs.newPage(), link, 'client');
    await client.join();
    await client.sees('leave');
    await tea.press('join-session');
    await tea.join();
    await Promise.all([tea.isInCall(), client.isInCall()]);
    assert.equal(await tea.visible('end'), true);

    await tea.page.reload();
    await tea.join();
    await Promise.all([tea.isInCall(), client.isInCall()]);

    assert.deepEqual(await client.kept(), ['stillroom.right']);
    await tea.end();
    await Promise.all([tea.told('ended'), client.told('ended')]);
    assert.deepEqual(await client.kept(), [], 'nothing of the session stays in the tab');
    assert.deepEqual(await tea.kept(), ['stillroom.log-in']);
    await tea.press('way-on');
    await tea.arrivedAt('Hello, Tea Example');
    assert.deepEqual([...tea.errors, ...client.errors], []);
    await Promise.all([context.close(), theirs.close()]);
  });

  test('a client with an account finds their session at home and joins from there', async () => {
    const { sessionId } = await practice.cli([
      ...['session', 'add', '--client', 'ana', '--therapist', 'tea', '--minutes', '50'],
      ...['--start', new Date().toISOString()],
    ]);
    const context = await newContext();
    const ana = await setUp(context, 'ana', practice);
    await ana.sees('session');
    assert.match(await ana.text('session'), /With Tea Example/);
    await ana.press('join-session');
    await ana.join();
    await ana.sees('leave');
    await practice.cli(['session', 'cancel', '--id', sessionId]);
    await ana.told('cancelled');
    assert.deepEqual(await ana.kept(), ['stillroom.log-in'], 'access that was ended is forgotten');
    await context.close();
  });

  test('who was logged out meanwhile is not let in, and shown the way to log in', async () => {
    await practice.cli([
      ...['session', 'add', '--client', 'ben', '--therapist', 'tea', '--minutes', '50'],
      ...['--start', new Date().toISOString()],
    ]);
    const context = await newContext();
    const ben = await setUp(context, 'ben', practice);
    await ben.press('join-session');
    await ben.sees('join');
    await practice.cli(['token', 'revoke', '--user', 'ben']);
    await ben.join();
    await ben.told('token_expired');
    assert.equal(await ben.attribute('way-on', 'href'), '/login');
    assert.equal(await ben.visible('again'), false);
    assert.deepEqual(await ben.kept(), ['stillroom.log-in'], 'the right to the session is gone');
    await ben.press('way-on');
    await ben.arrivedAt('Log in');
    assert.deepEqual(await ben.kept(), []);
    await context.close();
  });

  test('a session is changed and cancelled', async () => {
    const context = await newContext();
    const tea = await setUp(context, 'tea', practice);
    await tea.press('plan');
    await tea.fill('client', 'ben');
    await tea.press('submit');
    await tea.sees('session');
    await tea.press('manage');
    await tea.press('change');
    await tea.fill('minutes', '80');
    await tea.press('submit');
    await until('the change', async () => /80 minutes/.test(await tea.text('session')));
    await tea.press('cancel');
    await tea.press('confirm');
    await until('the cancelling', async () => /is cancelled/.test(await tea.text('told')));
    await context.close();
  });
});

describe('an administrator', () => {
  test('adds somebody, invites, disables, enables them', async () => {
    const context = await newContext(kPhone);
    const ada = await setUp(context, 'ada', practice);
    await ada.press('section-people');
    await ada.press('add-person');
    await ada.fill('person-name', 'Tom New');
    await ada.fill('person-id', 'tom');
    await ada.page.selectOption('[data-testid="person-role"]', 'therapist');
    await ada.press('submit');
    const card = '[data-person="tom"]';
    await ada.page.waitForSelector(card);
    await ada.page.click(`${card} [data-testid="invite"]`);
    await ada.sees('to-hand-on');
    const invitation = await ada.page.inputValue('[data-testid="to-hand-on"]');
    await ada.press('close');
    const theirs = await newContext(kPhone);
    const tom = await AccountPage.open(await theirs.newPage(), invitation, 'tom');
    await tom.arrivedAt('Welcome, Tom New');
    await theirs.close();
    await ada.page.click(`${card} [data-testid="change-person"]`);
    await ada.fill('person-name', 'Tom Newer');
    await ada.page.selectOption('[data-testid="person-role"]', 'client');
    await ada.press('submit');
    await until('the change', async () => /Tom Newer.*Client/s.test(await ada.text('person')));
    await until('the focus', () => ada.page.evaluate(() => document.activeElement.id === 'people'));
    await ada.page.click(`${card} [data-testid="disable"]`);
    await ada.press('confirm');
    await ada.page.click(`${card} [data-testid="enable"]`);
    await ada.page.waitForSelector(`${card} [data-testid="disable"]`);
    await context.close();
  });
});

describe('Firefox', () => {
  test('logs in and shows the sessions', async () => {
    const firefox = await launchFirefox({ trusting: true });
    try {
      const page = await AccountPage.open(await firefox.newPage(), address('/login'), 'firefox');
      await page.logIn('ana');
      await page.arrivedAt('Hello, Ana Example');
      await page.page.reload();
      await page.arrivedAt('Hello, Ana Example');
      assert.deepEqual(page.errors, []);
    } finally {
      await firefox.close();
    }
  });
});
