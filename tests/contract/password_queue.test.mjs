// SPDX-License-Identifier: Apache-2.0
// Strangers who keep the hasher busy, and people who have logged in with their browser before.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stillroom } from './lib/stillroom.mjs';
import { pause, until } from './lib/waiting.mjs';

const kPassword = 'correct horse battery';
const kStrangers = 90;
const kAgainMs = 20;

async function withServer(attempts, body) {
  const server = await Stillroom.start({ STILLROOM_LIMITS_LOG_IN_ATTEMPTS: String(attempts) });
  try {
    await body(server);
  } finally {
    await server.stop();
  }
}

async function post(server, path, body, cookie) {
  const answer = await fetch(new URL(path, server.url), {
    method: 'POST',
    headers: {
      Origin: new URL(server.url).origin,
      'Content-Type': 'application/json',
      ...(cookie ? { Cookie: cookie } : {}),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, cookies: answer.headers.getSetCookie(), text };
}

const logIn = (server, user, { password = kPassword, cookie } = {}) =>
  post(server, '/api/auth/login', { user, password }, cookie);

/** Somebody with an account and the cookie of a browser that they have logged in with. */
async function regular(server) {
  const { id } = await server.person('client');
  const { code: invite } = await server.cli('account', 'invite', '--user', id);
  const made = await post(server, '/api/auth/setup', { invite, password: kPassword });
  assert.equal(made.status, 200, made.text);
  const { cookies } = await logIn(server, id);
  const [cookie] = cookies.find((line) => line.startsWith('__Host-device=')).split(';');
  return { id, cookie };
}

/** Strangers who ask again as soon as they are answered, more than there are places for. */
function strangers(server) {
  const flood = { on: true, busy: 0 };
  let number = 0;
  const one = async () => {
    while (flood.on) {
      number += 1;
      const { status } = await logIn(server, `stranger-${number}`);
      if (status !== 503) continue;
      flood.busy += 1;
      await pause(kAgainMs);
    }
  };
  flood.over = Promise.all(Array.from({ length: kStrangers }, one));
  return flood;
}

test('while strangers fill the queue, a browser that is known comes in', () =>
  withServer(1_000_000, async (server) => {
    const [ann, bob] = [await regular(server), await regular(server)];
    const flood = strangers(server);
    await until('a full queue', () => flood.busy > kStrangers);
    const statuses = async (cookie) => {
      const answers = [];
      for (let time = 0; time < 6; time += 1) answers.push(await logIn(server, ann.id, { cookie }));
      return answers.map(({ status }) => status);
    };
    const [known, strange, forged] = await Promise.all(
      [ann.cookie, undefined, bob.cookie].map(statuses),
    );
    flood.on = false;
    assert.deepEqual(known, Array(6).fill(200));
    assert.ok(strange.includes(503), `the right password in a strange browser: ${strange}`);
    assert.ok(forged.includes(503), `another person's browser: ${forged}`);
    await flood.over;
  }));

test('strangers behind the same address do not use up what a known browser may try', () =>
  withServer(4, async (server) => {
    const ann = await regular(server);
    for (let number = 0; number < 3; number += 1) {
      assert.equal((await logIn(server, `stranger-${number}`)).status, 401);
    }
    assert.equal((await logIn(server, ann.id)).status, 429);
    for (let again = 0; again < 5; again += 1) {
      assert.equal((await logIn(server, ann.id, { cookie: ann.cookie })).status, 200);
    }
    assert.equal((await logIn(server, 'stranger-4', { cookie: ann.cookie })).status, 429);
  }));
