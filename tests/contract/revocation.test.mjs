// SPDX-License-Identifier: Apache-2.0
// A connection does not outlive its right to exist, and what has ended stays ended: on every
// transport, however it comes back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client, closeAll, pair, seat } from './lib/client.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { claimsOf, sign } from './lib/tokens.mjs';
import { pause } from './lib/waiting.mjs';

const kTransports = { websocket: ['websocket'], polling: ['polling'] };
/** Contract §3. */
const kEndsWithinMs = 1_000;
/** How long after the connect a disabling starts; with the last one the connect is through. */
const kHeadStartsMs = [...Array(20).keys(), 30, 50, 100, 500];

let server;
before(async () => {
  server = await Stillroom.start({ STILLROOM_SERVER_WORKERS: '4' });
});
after(async () => {
  closeAll();
  assert.equal(await server?.stop(), 0);
});

const seconds = () => Math.floor(Date.now() / 1000);
/** An outside token with a name, of a life in seconds. */
const named = (person, jti, life = 600) =>
  sign(server.secret, claimsOf(person, { jti, exp: seconds() + life }));
const jtiOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).jti;

const connect = (token, options = {}) =>
  new Client(server.url, { auth: { token }, ...options }).connect();
async function refusal(token) {
  const error = await new Client(server.url, { auth: { token } }).refused();
  return `${error.message}: ${error.data.code}`;
}
async function statusOf(token, path = '/api/video-calls/config') {
  const headers = { Authorization: `Bearer ${token}` };
  return (await fetch(new URL(path, server.url), { headers })).status;
}
async function post(path, options) {
  const origin = new URL(server.url).origin;
  const { headers, ...rest } = options;
  return fetch(new URL(path, server.url), {
    method: 'POST',
    headers: { origin, ...headers },
    ...rest,
  });
}

/** The connection hears why, then ends within the time, and the stock client does not come back by itself. */
async function ends(client, reason, since = Date.now()) {
  const told = await client.expect('access:revoked');
  assert.equal(told.reason, reason);
  assert.equal(await client.dropped(), 'io server disconnect');
  assert.ok(Date.now() - since < kEndsWithinMs, `${Date.now() - since} ms`);
}

for (const [name, transports] of Object.entries(kTransports)) {
  describe(`over ${name}`, () => {
    test('the end of its token is the end of a connection, and others see it', async () => {
      const scene = await server.scene({ fresh: true });
      const therapist = await seat(server.url, scene.therapist, scene, { transports });
      const token = await server.token(scene.client, '--ttl', '3s');
      const { exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
      const client = await seat(server.url, { ...scene.client, token }, scene, { transports });
      await therapist.through('user-joined');
      await ends(client, 'token_expired', exp * 1000);
      assert.ok(Date.now() >= exp * 1000, 'not before');
      const left = await therapist.expect('user-left');
      assert.equal(left.userId, scene.client.id);
      assert.equal(left.reason, 'removed');
      assert.equal(await refusal(token), 'Authentication failed: token_expired');
      assert.equal(await statusOf(token), 401);
      therapist.close();
    });

    test('a fresh token keeps it', async () => {
      const scene = await server.scene({ fresh: true });
      const token = named(scene.client, `${name} one`, 3);
      const client = await seat(server.url, { ...scene.client, token }, scene, { transports });
      const ack = await client.ask('auth:refresh', { token: named(scene.client, `${name} two`) });
      assert.equal(ack.ok, true);
      const given = (Date.parse(ack.expiresAt) - Date.now()) / 1000;
      assert.ok(given > 590 && given <= 600, ack.expiresAt);
      await pause(3_500);
      assert.equal(client.disconnected, undefined);
      const { roomId } = scene;
      assert.equal((await client.ask('ice-servers', { roomId })).ok, true, 'with its seat');
      await server.cli('token', 'revoke', '--jti', `${name} one`);
      await client.quiet();
      await server.cli('token', 'revoke', '--jti', `${name} two`);
      await ends(client, 'token_revoked');
    });

    test('a disabled person is out at once and stays out', async () => {
      const scene = await server.scene({ fresh: true });
      const { therapist, client } = await pair(server, scene, { transports });
      await server.cli('user', 'disable', '--id', scene.client.id);
      await ends(client, 'user_inactive');
      assert.equal((await therapist.expect('user-left')).reason, 'removed');
      await therapist.quiet();
      assert.equal(await refusal(scene.client.token), 'Authentication failed: user_inactive');
      assert.equal(await statusOf(scene.client.token), 401);
      therapist.close();
    });

    test('one revoked token ends what rests on it, and nothing else', async () => {
      const scene = await server.scene({ fresh: true });
      const { therapist, client } = await pair(server, scene, { transports });
      const other = await connect(named(scene.client, 'other device'), { transports });
      await server.cli('token', 'revoke', '--jti', jtiOf(scene.client.token));
      await ends(client, 'token_revoked');
      assert.equal((await therapist.expect('user-left')).reason, 'removed');
      await other.quiet();
      assert.equal(await refusal(scene.client.token), 'Authentication failed: token_invalid');
      assert.equal(await statusOf(scene.client.token), 401);
      assert.equal((await post('/api/links/renew', bearer(scene.client.token))).status, 401);
      const { token } = scene.client;
      assert.equal((await other.ask('auth:refresh', { token })).code, 'token_invalid');
      await other.quiet();
      for (const one of [therapist, other]) one.close();
    });

    test('a cancelled session ends the connections of its people', async () => {
      const scene = await server.scene();
      const { therapist, client } = await pair(server, scene, { transports });
      await server.cli('session', 'cancel', '--id', scene.sessionId);
      for (const one of [therapist, client]) await ends(one, 'cancelled');
      const back = await connect(scene.client.token, { transports });
      const { roomId, sessionId } = scene;
      assert.equal((await back.ask('join-room', { roomId, sessionId })).code, 'cancelled');
      back.close();
    });
  });
}

const bearer = (token) => ({ headers: { Authorization: `Bearer ${token}` } });

test('all of a person: every connection on every worker, every token and every link', async () => {
  const scene = await server.scene({ fresh: true });
  const { id } = scene.client;
  const link = await server.cli('link', 'mint', '--user', id, '--session', scene.sessionId);
  const tokens = [...Array(8).keys()].map((number) => named(scene.client, `device ${number}`));
  const clients = await Promise.all(tokens.map((token) => connect(token)));
  const bystander = await connect(scene.therapist.token);
  const told = await server.cli('token', 'revoke', '--user', id);
  assert.equal(told.user, id);
  assert.ok(Math.abs(Date.parse(told.revokedAt) - Date.now()) < 5_000);
  for (const client of clients) await ends(client, 'token_revoked');
  for (const token of [tokens[0], scene.client.token]) {
    assert.equal(await refusal(token), 'Authentication failed: token_invalid');
  }
  const exchange = await post('/api/links/exchange', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: link.code }),
  });
  assert.equal(exchange.status, 410);
  await bystander.quiet();
  // What is issued from the next second on is good again.
  await pause(1_100);
  const back = await connect(await server.token(scene.client));
  for (const one of [back, bystander]) one.close();
});

test('a token of an issuer whose clock is ahead is revoked with the rest', async () => {
  const scene = await server.scene({ fresh: true });
  const ahead = sign(server.secret, claimsOf(scene.client, { iat: seconds() + 20 }));
  const client = await connect(ahead);
  await server.cli('token', 'revoke', '--user', scene.client.id);
  await ends(client, 'token_revoked');
  assert.equal(await refusal(ahead), 'Authentication failed: token_invalid');
});

test('what was revoked stays so over a restart, and without a server', async () => {
  const own = await Stillroom.start();
  const scene = await own.scene({ fresh: true });
  const tokens = ['one', 'two', 'three'].map((jti) =>
    sign(own.secret, claimsOf(scene.client, { jti })),
  );
  await own.cli('token', 'revoke', '--jti', 'one');
  await own.kill();
  await own.cli('token', 'revoke', '--jti', 'two');
  await own.run();
  const outcomes = [];
  for (const token of tokens) {
    const client = new Client(own.url, { auth: { token } });
    outcomes.push(
      await client.connect().then(
        () => 'in',
        (error) => error.data.code,
      ),
    );
    client.close();
  }
  assert.deepEqual(outcomes, ['token_invalid', 'token_invalid', 'in']);
  assert.equal(await own.stop(), 0);
});

test('nobody slips in while they are being disabled', async () => {
  let refused = 0;
  const race = async (headStartMs) => {
    const person = await server.person('client');
    const token = named(person, `race ${headStartMs}`);
    const client = new Client(server.url, { auth: { token } });
    const connected = client.connect().then(
      () => 'in',
      (error) => error.data.code,
    );
    await pause(headStartMs);
    await server.cli('user', 'disable', '--id', person.id);
    const outcome = await connected;
    if (outcome === 'in') {
      await ends(client, 'user_inactive');
    } else {
      assert.equal(outcome, 'user_inactive');
      refused += 1;
    }
    client.close();
  };
  for (const headStartMs of kHeadStartsMs) await race(headStartMs);
  assert.ok(refused < kHeadStartsMs.length, 'some were in before');
});

test('nor does anybody of many, on any worker', async () => {
  for (let round = 0; round < 12; round += 1) {
    const person = await server.person('client');
    const clients = Array.from({ length: 16 }, (_, number) => {
      const auth = { token: named(person, `storm ${round} ${number}`) };
      return new Client(server.url, { auth, transports: ['websocket'] });
    });
    const outcomes = clients.map((client) =>
      client.connect().then(
        () => client.dropped(),
        (error) => error.data.code,
      ),
    );
    await pause(round);
    await server.cli('user', 'disable', '--id', person.id);
    for (const outcome of await Promise.all(outcomes)) {
      assert.ok(['user_inactive', 'io server disconnect'].includes(outcome), outcome);
    }
  }
});

describe('auth:refresh', () => {
  let scene;
  let client;
  before(async () => {
    scene = await server.scene({ fresh: true });
    client = await seat(server.url, scene.client, scene);
  });
  after(() => client?.close());

  const payloads = {
    'no payload': [undefined, 'Authentication token required', 'token_missing'],
    'no token': [{}, 'Authentication token required', 'token_missing'],
    'no text': [{ token: 7 }, 'Authentication failed', 'token_invalid'],
    nonsense: [{ token: 'nonsense' }, 'Authentication failed', 'token_invalid'],
    'five kilobytes': [{ token: 'x'.repeat(5_000) }, 'Authentication failed', 'token_invalid'],
  };
  for (const [what, [payload, error, code]] of Object.entries(payloads)) {
    test(`${what}: ${code}`, async () => {
      assert.deepEqual(await client.ask('auth:refresh', payload), { ok: false, error, code });
      await client.quiet();
    });
  }

  const people = {
    'somebody else': () => scene.therapist,
    'themselves in another role': () => ({ ...scene.client, role: 'psychologist' }),
    'somebody unknown': () => ({ ...scene.client, id: 'nobody-of-ours' }),
  };
  for (const [who, person] of Object.entries(people)) {
    test(`a token of ${who} is a bad one`, async () => {
      const ack = await client.ask('auth:refresh', { token: named(person(), 'j') });
      assert.deepEqual(ack, { ok: false, error: 'Authentication failed', code: 'token_invalid' });
      await client.quiet();
    });
  }

  test('one that is over is told as such', async () => {
    const ack = await client.ask('auth:refresh', { token: named(scene.client, 'late', -60) });
    assert.equal(ack.code, 'token_expired');
    await client.quiet();
  });

  test('it needs no ack, and too many are too many', async () => {
    client.tell('auth:refresh', { token: named(scene.client, 'quiet') });
    await client.quiet();
    const acks = await Promise.all(
      Array.from({ length: 30 }, () => client.ask('auth:refresh', { token: 'nonsense' })),
    );
    assert.ok(acks.some(({ code }) => code === 'token_invalid'));
    assert.ok(acks.some(({ code }) => code === 'rate_limited'));
    client.journal = [];
  });
});

test('a revocation is of a token or of a person', async () => {
  const wrong = async (...options) =>
    server.cli('token', 'revoke', ...options).then(
      () => 0,
      ({ code }) => code,
    );
  assert.equal(await wrong(), 2);
  assert.equal(await wrong('--jti', 'a', '--user', 'b'), 2);
  assert.equal(await wrong('--user', 'nobody-of-ours'), 1);
  assert.equal(await wrong('--user', 'no body'), 1);
  assert.deepEqual(Object.keys(await server.cli('token', 'revoke', '--jti', 'unheard of')), [
    'jti',
    'revokedAt',
  ]);
});

test('no jti, token or person of all this is in the log', () => {
  assert.match(server.log, /access_ended/);
  for (const text of ['device 3', 'race 7', 'client-', 'Name of', 'eyJ']) {
    assert.ok(!server.log.includes(text), text);
  }
});
