// SPDX-License-Identifier: Apache-2.0
// A ticket: the right of an HTTPS request, to be shown once where a token would be seen by others.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { holdAnswer } from '../protocol/lib/openapi.mjs';
import { Client, closeAll } from './lib/client.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { pause } from './lib/waiting.mjs';

const kForeign = 'https://app.example';
const kLifeMs = 30_000;

let server;
let scene;
let own;
before(async () => {
  server = await Stillroom.start({ ALLOWED_ORIGINS: kForeign });
  scene = await server.scene();
  own = new URL(server.url).origin;
});
after(async () => {
  closeAll();
  assert.equal(await server?.stop(), 0);
});

function ask(headers = {}, method = 'POST') {
  const { token } = scene.client;
  return fetch(new URL('/api/tickets', server.url), {
    method,
    headers: { Authorization: `Bearer ${token}`, Origin: own, ...headers },
  });
}
async function ticketFor(headers) {
  const answer = await ask(headers);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  const text = await answer.text();
  holdAnswer('POST', '/api/tickets', answer, text);
  return JSON.parse(text);
}

/** The client, or the code of the refusal; Node sends the origin that it is told to. */
async function connect(options, origin) {
  const extraHeaders = origin ? { Origin: origin } : {};
  const client = new Client(server.url, { transports: ['websocket'], extraHeaders, ...options });
  try {
    return await client.connect();
  } catch (error) {
    client.close();
    return error.data.code;
  }
}
async function opens(options, origin) {
  const outcome = await connect(options, origin);
  assert.ok(outcome instanceof Client, String(outcome));
  outcome.close();
}

const kPlaces = {
  'auth.token': (ticket) => ({ auth: { token: ticket } }),
  'query.token': (ticket) => ({ query: { token: ticket } }),
};
for (const [place, options] of Object.entries(kPlaces)) {
  test(`it opens one connection, as ${place}`, async () => {
    const { ticket, expiresAt } = await ticketFor();
    const life = Date.parse(expiresAt) - Date.now();
    assert.ok(life > kLifeMs - 2_000 && life <= kLifeMs, `${life} ms`);
    await opens(options(ticket), own);
    assert.equal(await connect(options(ticket), own), 'token_invalid');
  });
}

test('it opens one connection, as Authorization of the handshake', async () => {
  const { ticket } = await ticketFor();
  const extraHeaders = { Authorization: `Bearer ${ticket}`, Origin: own };
  await opens({ extraHeaders });
  assert.equal(await connect({ extraHeaders }), 'token_invalid');
});

test('of many who show it at once one gets in', async () => {
  const { ticket } = await ticketFor();
  const auth = { token: ticket };
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => connect({ auth }, own)));
  assert.equal(outcomes.filter((one) => one instanceof Client).length, 1);
  assert.equal(outcomes.filter((one) => one === 'token_invalid').length, 9);
  for (const one of outcomes) one.close?.();
});

describe('it is bound to the origin that asked for it', () => {
  const parties = { 'our own page': () => own, 'a foreign page': () => kForeign };
  for (const [from, origin] of Object.entries(parties)) {
    for (const [by, other] of Object.entries(parties)) {
      const good = from === by;
      test(`${from} asks, ${by} shows it: ${good ? 'opens' : 'refused'}`, async () => {
        const { ticket } = await ticketFor({ Origin: origin() });
        const outcome = await connect({ auth: { token: ticket } }, other());
        assert.equal(
          outcome instanceof Client ? 'opens' : outcome,
          good ? 'opens' : 'token_invalid',
        );
        outcome.close?.();
      });
    }
  }

  test('a page of ours that polls sends no origin, and is known all the same', async () => {
    const { ticket } = await ticketFor();
    const extraHeaders = { 'Sec-Fetch-Site': 'same-origin', Origin: own };
    const polling = { transports: ['polling'], auth: { token: ticket }, extraHeaders };
    await opens(polling);
  });
});

test('it opens no REST request and makes no other ticket', async () => {
  const { ticket } = await ticketFor();
  const headers = { Authorization: `Bearer ${ticket}` };
  const config = await fetch(new URL('/api/video-calls/config', server.url), { headers });
  assert.equal(config.status, 401);
  assert.equal((await config.json()).code, 'token_invalid');
  assert.equal((await ask(headers)).status, 401);
  await opens({ auth: { token: ticket } }, own);
});

test('it gives a connection more time, once', async () => {
  const first = await ticketFor();
  const client = await connect({ auth: { token: first.ticket } }, own);
  const { ticket } = await ticketFor();
  assert.equal((await client.ask('auth:refresh', { token: ticket })).ok, true);
  assert.equal((await client.ask('auth:refresh', { token: ticket })).code, 'token_invalid');
  client.close();
});

test('who is shut out is shut out with a ticket too', async () => {
  const person = await server.stranger();
  const headers = { Authorization: `Bearer ${person.token}` };
  const [first, second] = [await ticketFor(headers), await ticketFor(headers)];
  const client = await connect({ auth: { token: first.ticket } }, own);
  await server.cli('user', 'disable', '--id', person.id);
  assert.equal((await client.expect('access:revoked')).reason, 'user_inactive');
  assert.equal(await connect({ auth: { token: second.ticket } }, own), 'user_inactive');
});

describe('who asks for one', () => {
  const cases = {
    'without a token': [{ Authorization: '' }, 401, 'token_missing'],
    'with nonsense': [{ Authorization: 'Bearer nonsense' }, 401, 'token_invalid'],
    'from a page that may not': [{ Origin: 'https://app.example.evil' }, 403, 'origin_refused'],
  };
  for (const [what, [headers, status, code]] of Object.entries(cases)) {
    test(`${what}: ${status} ${code}`, async () => {
      const answer = await ask(headers);
      assert.equal(answer.status, status);
      assert.equal((await answer.json()).code, code);
    });
  }
  test('by GET: 405', async () => assert.equal((await ask({}, 'GET')).status, 405));
});

test('no ticket is in the log', async () => {
  await pause(100);
  assert.ok(!server.log.includes('eyJ'));
});
