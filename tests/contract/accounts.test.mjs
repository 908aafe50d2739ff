// SPDX-License-Identifier: Apache-2.0
// People who log in here: an invitation sets password and second factor, a log-in is a cookie that
// only its own tab names, and what ends it ends its connections.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { totp } from '../lib/totp.mjs';
import { holdAnswer } from '../protocol/lib/openapi.mjs';
import { Client, closeAll } from './lib/client.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { claimsOf, sign } from './lib/tokens.mjs';

const kPassword = 'correct horse battery';
const kFailed = { code: 'log_in_failed', error: 'Name, password or code is wrong' };
/** Wrong ones that cost nothing but themselves. */
const kFree = 5;
let server;
let origin;
before(async () => {
  server = await Stillroom.start();
  origin = new URL(server.url).origin;
});
after(async () => {
  closeAll();
  assert.equal(await server?.stop(), 0);
});

/** A browser: it keeps cookies, and each tab of it names its own log-in. */
class Browser {
  cookies = new Map();

  async ask(method, path, { body, logIn, headers = {} } = {}) {
    const answer = await fetch(new URL(path, server.url), {
      method,
      headers: {
        Origin: origin,
        ...(this.cookies.size > 0
          ? { Cookie: [...this.cookies].map((pair) => pair.join('=')).join('; ') }
          : {}),
        ...(logIn ? { 'X-Log-In': logIn } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split('; ');
      const [name, value] = pair.split('=');
      this.lastAttributes = attributes;
      if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await answer.text();
    holdAnswer(method, path, answer, text);
    return { status: answer.status, headers: answer.headers, ...(text ? JSON.parse(text) : {}) };
  }
  logIn(person, more = {}) {
    const body = { user: person.id, password: kPassword, ...more };
    return this.ask('POST', '/api/auth/login', { body });
  }
  me(logIn) {
    return this.ask('GET', '/api/auth/me', { logIn });
  }
}

/** Somebody with an account, without a second factor unless they are staff. */
async function member(role = 'client') {
  const person = await server.person(role);
  const { code: invite } = await server.cli('account', 'invite', '--user', person.id);
  const browser = new Browser();
  const view = await browser.ask('POST', '/api/auth/invite', { body: { invite } });
  assert.equal(view.user.id, person.id);
  person.totp = view.secondFactor.secret;
  const code = role === 'client' ? undefined : totp(person.totp, -1);
  const body = { invite, password: kPassword, code };
  const done = await browser.ask('POST', '/api/auth/setup', { body });
  assert.equal(done.status, 200, JSON.stringify(done));
  person.recoveryCodes = done.recoveryCodes;
  assert.equal((await browser.ask('POST', '/api/auth/setup', { body })).status, 410);
  return person;
}

async function connectWith(browser, logIn) {
  const { ticket } = await browser.ask('POST', '/api/tickets', { logIn });
  const options = { auth: { token: ticket }, extraHeaders: { Origin: origin } };
  return new Client(server.url, options).connect();
}

test('a log-in is a cookie of this host alone, and somebody to those who name it', async () => {
  const ann = await member();
  const browser = new Browser();
  const { logIn, user, until, idleUntil } = await browser.logIn(ann);
  assert.deepEqual(user, { id: ann.id, name: ann.name, role: 'client' });
  assert.ok(Date.parse(until) - Date.now() > 11.9 * 3_600_000);
  assert.ok(Date.parse(idleUntil) - Date.now() > 14.9 * 60_000);
  assert.deepEqual([...browser.cookies.keys()].sort(), ['__Host-device', `__Host-log-in-${logIn}`]);
  for (const attribute of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict']) {
    assert.ok(browser.lastAttributes.includes(attribute), attribute);
  }
  assert.equal((await browser.me(logIn)).user.id, ann.id);
  assert.equal((await browser.me()).code, 'token_missing', 'a cookie alone says nothing');
  assert.equal((await browser.me('x'.repeat(12))).code, 'token_invalid');
  assert.equal((await new Browser().me(logIn)).code, 'token_invalid', 'nor does a name alone');
  browser.cookies.set(`__Host-log-in-${logIn}`, 'x'.repeat(43));
  assert.equal((await browser.me(logIn)).code, 'token_invalid');
});

test('two tabs of one browser are two people', async () => {
  const [ann, tea] = [await member(), await member('therapist')];
  const browser = new Browser();
  const first = await browser.logIn(ann);
  const second = await browser.logIn(tea, { code: totp(tea.totp) });
  assert.equal(second.status, 200, JSON.stringify(second));
  assert.equal((await browser.me(first.logIn)).user.id, ann.id);
  assert.equal((await browser.me(second.logIn)).user.id, tea.id);
  const sockets = [
    await connectWith(browser, first.logIn),
    await connectWith(browser, second.logIn),
  ];
  assert.equal((await browser.ask('POST', '/api/auth/logout', { logIn: first.logIn })).status, 204);
  assert.equal((await sockets[0].expect('access:revoked')).reason, 'token_revoked');
  await sockets[1].quiet();
  assert.equal((await browser.me(first.logIn)).status, 401);
  assert.equal((await browser.me(second.logIn)).user.id, tea.id);
  sockets[1].close();
});

test('logging out ends the connections of this log-in, and its cookie', async () => {
  const ann = await member();
  const browser = new Browser();
  const { logIn } = await browser.logIn(ann);
  const stolen = new Map(browser.cookies);
  const client = await connectWith(browser, logIn);
  const since = Date.now();
  assert.equal((await browser.ask('POST', '/api/auth/logout', { logIn })).status, 204);
  assert.equal((await client.expect('access:revoked')).reason, 'token_revoked');
  assert.equal(await client.dropped(), 'io server disconnect');
  assert.ok(Date.now() - since < 1_000);
  assert.ok(!browser.cookies.has(`__Host-log-in-${logIn}`));
  browser.cookies = stolen;
  assert.equal((await browser.me(logIn)).code, 'token_invalid', 'a copy is worth nothing');
});

test('who is disabled is out of what they logged in to', async () => {
  const ann = await member();
  const browser = new Browser();
  const { logIn } = await browser.logIn(ann);
  const client = await connectWith(browser, logIn);
  await server.cli('user', 'disable', '--id', ann.id);
  assert.equal((await client.expect('access:revoked')).reason, 'user_inactive');
  assert.equal((await browser.me(logIn)).code, 'user_inactive');
  assert.equal((await browser.logIn(ann)).code, 'log_in_failed');
});

test('a new password ends every log-in with the old one', async () => {
  const ann = await member();
  const browser = new Browser();
  const { logIn } = await browser.logIn(ann);
  const client = await connectWith(browser, logIn);
  const { code: invite } = await server.cli('account', 'invite', '--user', ann.id);
  const body = { invite, password: 'another long password' };
  assert.equal((await new Browser().ask('POST', '/api/auth/setup', { body })).status, 200);
  assert.equal((await client.expect('access:revoked')).reason, 'token_revoked');
  assert.equal((await browser.me(logIn)).status, 401);
  assert.equal((await browser.logIn(ann)).status, 401);
  assert.equal((await browser.logIn(ann, { password: body.password })).status, 200);
});

test('a second factor is asked for, each code once, and recovery codes stand in', async () => {
  const tea = await member('therapist');
  const browser = new Browser();
  const code = totp(tea.totp);
  assert.equal((await browser.logIn(tea)).code, 'log_in_failed');
  assert.equal((await browser.logIn(tea, { code: '000000' })).code, 'log_in_failed');
  assert.equal((await browser.logIn(tea, { code })).status, 200);
  assert.equal((await browser.logIn(tea, { code })).code, 'log_in_failed');
  const [recovery] = tea.recoveryCodes;
  assert.equal(tea.recoveryCodes.length, 10);
  assert.equal((await browser.logIn(tea, { code: recovery.toLowerCase() })).status, 200);
  assert.equal((await browser.logIn(tea, { code: recovery })).code, 'log_in_failed');
});

describe('whatever is wrong sounds the same', () => {
  let ann;
  let tea;
  before(async () => {
    ann = await member();
    tea = await member('therapist');
  });
  const cases = {
    'a wrong password': () => [ann, { password: 'wrong' }],
    'no account': () => [{ id: 'nobody-of-ours' }, {}],
    'no id': () => [{ id: '' }, {}],
    'a second factor that is missing': () => [tea, {}],
    'a second factor that is wrong': () => [tea, { code: '123' }],
  };
  for (const [what, make] of Object.entries(cases)) {
    test(what, async () => {
      const { status, code, error, headers } = await new Browser().logIn(...make());
      assert.deepEqual([status, { code, error }], [401, kFailed]);
      assert.equal(headers.getSetCookie().length, 0);
    });
  }
});

describe('guessing is slowed, and nobody is locked out', () => {
  test('a pause after a few, with its length in the answer, for this person only', async () => {
    const [ann, bob] = [await member(), await member()];
    const stranger = new Browser();
    for (let at = 0; at < kFree; at += 1) {
      assert.equal((await stranger.logIn(ann, { password: 'guess' })).status, 401);
    }
    const paused = await stranger.logIn(ann, { password: 'guess' });
    assert.equal(paused.status, 429);
    assert.equal(paused.headers.get('retry-after'), '1');
    assert.equal(paused.code, 'rate_limited');
    assert.equal((await stranger.logIn(ann)).status, 429, 'the right one is not looked at either');
    assert.equal((await stranger.logIn(bob)).status, 200);
  });

  test('many at once are as many', async () => {
    const ann = await member();
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => new Browser().logIn(ann, { password: 'guess' })),
    );
    assert.equal(answers.filter(({ status }) => status === 401).length, kFree);
    assert.equal(answers.filter(({ status }) => status === 429).length, 40 - kFree);
  });

  test('names as long as a request may be are remembered as little as any', async () => {
    for (let at = 0; at < 3; at += 1) {
      const id = `${at}`.repeat(100_000);
      assert.equal((await new Browser().logIn({ id })).code, 'log_in_failed');
    }
  });

  test('a browser that the person has used before comes in all the same', async () => {
    const ann = await member();
    const own = new Browser();
    assert.equal((await own.logIn(ann)).status, 200);
    const stranger = new Browser();
    for (let at = 0; at <= kFree; at += 1) await stranger.logIn(ann, { password: 'guess' });
    assert.equal((await stranger.logIn(ann)).status, 429);
    assert.equal((await own.logIn(ann)).status, 200);
  });
});

test('an older invitation does not take an account over', async () => {
  const ann = await server.person('client');
  const invites = [];
  for (let at = 0; at < 2; at += 1) {
    invites.push((await server.cli('account', 'invite', '--user', ann.id)).code);
  }
  const setUp = (invite) =>
    new Browser().ask('POST', '/api/auth/setup', { body: { invite, password: kPassword } });
  assert.equal((await setUp(invites[1])).status, 200);
  assert.equal((await setUp(invites[0])).code, 'invite_invalid');
});

test('what a request calls its log-in is a name, and nothing of it comes back', async () => {
  const ann = await member();
  const browser = new Browser();
  const { logIn } = await browser.logIn(ann);
  const token = await server.token(ann);
  const headers = { Authorization: `Bearer ${token}` };
  for (const name of ['a=1; Domain=x.y', 'x'.repeat(12), `${logIn}A`, logIn]) {
    const out = await fetch(new URL('/api/auth/logout', server.url), {
      method: 'POST',
      headers: { Origin: origin, 'X-Log-In': name, ...headers },
    });
    assert.ok([204, 401].includes(out.status), `${out.status}`);
    assert.equal(out.headers.getSetCookie().length, 0, name);
  }
  assert.equal((await browser.me(logIn)).user.id, ann.id, 'a token logs itself out, not a cookie');
});

test('a token without a name cannot be logged out', async () => {
  const ann = await server.person('client');
  const token = sign(server.secret, claimsOf(ann));
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await new Browser().ask('POST', '/api/auth/logout', { headers });
  assert.deepEqual([answer.status, answer.code], [409, 'not_revocable']);
});

describe('bad requests', () => {
  const bodies = ['', '{', '[]', '7', '{}', '{"user":"a"}', '{"user":7,"password":"x"}'];
  const more = ['{"user":"a","password":["x"]}', '{"user":"a","password":"x","code":1}'];
  for (const body of [...bodies, ...more]) {
    test(`log-in with ${body || 'nothing'}: 400`, async () => {
      const answer = await new Browser().ask('POST', '/api/auth/login', { body });
      assert.deepEqual([answer.status, answer.code], [400, 'malformed']);
    });
  }
  test('from a page that may not: 403', async () => {
    const headers = { Origin: 'https://evil.example' };
    const answer = await new Browser().ask('POST', '/api/auth/login', { body: {}, headers });
    assert.equal(answer.status, 403);
  });
  test('an invitation that is none: 410, and a weak password: 400', async () => {
    const invite = 'x'.repeat(43);
    const browser = new Browser();
    const looked = await browser.ask('POST', '/api/auth/invite', { body: { invite } });
    assert.deepEqual([looked.status, looked.code], [410, 'invite_invalid']);
    const person = await server.person('client');
    const { code } = await server.cli('account', 'invite', '--user', person.id);
    const body = { invite: code, password: 'short' };
    const refused = await browser.ask('POST', '/api/auth/setup', { body });
    assert.deepEqual([refused.status, refused.code], [400, 'password_refused']);
  });
  test('nobody is invited who is not there, nor for ever', async () => {
    const invite = (...options) =>
      server.cli('account', 'invite', ...options).then(
        () => 0,
        ({ code }) => code,
      );
    assert.equal(await invite('--user', 'nobody-of-ours'), 1);
    const person = await server.person('client');
    assert.equal(await invite('--user', person.id, '--ttl', '8d'), 1);
    assert.equal(await invite(), 2);
  });
});

test('no password, code, cookie or name of all this is in the log', () => {
  for (const text of ['correct horse', 'guess', '__Host', 'Name of', 'client-']) {
    assert.ok(!server.log.includes(text), text);
  }
});
