// SPDX-License-Identifier: Apache-2.0
// Who gets in, over which transport, with a token from where (contract: transport, authentication).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { io } from 'socket.io-client';
import { Bystanders } from './lib/bystanders.mjs';
import { Client, closeAll } from './lib/client.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { claimsOf, sign, wrongTokens } from './lib/tokens.mjs';
import { within } from './lib/waiting.mjs';

let server;
let person;
let bystanders;

before(async () => {
  server = await Stillroom.start();
  person = await server.person('client', 'Ana <b>Bold</b> "Q" \u{1F600}');
  person.token = await server.token(person);
  bystanders = await Bystanders.join(server);
});
after(async () => {
  closeAll();
  assert.equal(await server?.stop(), 0);
});

const auth = () => ({ auth: { token: person.token } });

describe('transports of the stock client', () => {
  const cases = {
    'its defaults': [{}, 'websocket', ['polling', 'websocket']],
    'websocket only': [{ transports: ['websocket'] }, 'websocket', ['websocket']],
    'polling only': [{ transports: ['polling'] }, 'polling', ['polling']],
    'websocket before polling': [
      { transports: ['websocket', 'polling'] },
      'websocket',
      ['websocket'],
    ],
    'polling without upgrade': [{ upgrade: false }, 'polling', ['polling']],
  };
  for (const [name, [options, last, seen]] of Object.entries(cases)) {
    test(`${name}: connects and gets an answer`, async () => {
      const client = new Client(server.url, { ...options, ...auth() });
      const used = [];
      client.socket.io.on('open', () => {
        used.push(client.transport);
        client.socket.io.engine.on('upgrade', (transport) => used.push(transport.name));
      });
      await client.connect();
      if (used.at(-1) !== last) {
        await within(
          8000,
          'the upgrade',
          new Promise((resolve) => client.socket.io.engine.once('upgrade', resolve)),
        );
      }
      assert.deepEqual(used, seen);
      assert.equal(client.transport, last);
      assert.equal((await client.ask('no-such-event', {})).code, 'unknown_event');
      client.close();
    });
  }

  test('socket ids and link ids differ, and nobody sees a link id', async () => {
    const client = await new Client(server.url, auth()).connect();
    assert.notEqual(client.id, client.socket.io.engine.id);
    // 18 random bytes are 24 characters of base64url.
    assert.match(client.socket.io.engine.id, /^[\w-]{24}$/);
    client.close();
  });

  test('server:hello is the first event', async () => {
    const client = await new Client(server.url, auth()).connect();
    assert.ok(Math.abs(Date.parse(client.hello.serverTime) - Date.now()) < 5000);
    assert.equal(typeof client.hello.version, 'string');
    assert.deepEqual(client.hello.policy, { iceTransportPolicy: 'all' });
    client.close();
  });

  test('a namespace that is none is refused, the connection stays', async () => {
    const client = await new Client(server.url, auth()).connect();
    const other = client.socket.io.socket('/elsewhere', auth());
    other.connect();
    const error = await within(
      8000,
      'connect_error',
      new Promise((resolve) => other.once('connect_error', resolve)),
    );
    assert.equal(error.message, 'Invalid namespace');
    assert.equal((await client.ask('no-such-event', {})).ok, false);
    client.close();
  });
});

describe('places of a token', () => {
  const places = {
    'auth.token': () => ({ auth: { token: person.token } }),
    'query.token': () => ({ query: { token: person.token } }),
    'Authorization: Bearer': () => ({ extraHeaders: { Authorization: `Bearer ${person.token}` } }),
    'auth.token before a bad query.token': () => ({ ...auth(), query: { token: 'bad' } }),
  };
  for (const [name, options] of Object.entries(places)) {
    for (const transports of [['polling'], ['websocket']]) {
      test(`${name}, ${transports}`, async () => {
        const client = await new Client(server.url, { ...options(), transports }).connect();
        client.close();
      });
    }
  }

  test('claims `sub` and `role` are as good as `user`', async () => {
    const { user, ...claims } = claimsOf(person);
    const token = sign(server.secret, { ...claims, sub: user.id, role: user.role });
    (await new Client(server.url, { auth: { token } }).connect()).close();
  });

  test('a token that ended 10 s ago passes, as clocks differ by 30 s', async () => {
    const exp = Math.floor(Date.now() / 1000) - 10;
    const token = sign(server.secret, claimsOf(person, { exp }));
    (await new Client(server.url, { auth: { token } }).connect()).close();
  });

  test('`therapist` in a token is the role psychologist', async () => {
    const therapist = await server.person('therapist');
    const token = sign(server.secret, claimsOf({ id: therapist.id, role: 'therapist' }));
    (await new Client(server.url, { auth: { token } }).connect()).close();
  });
});

describe('tokens that are refused', () => {
  const names = Object.keys(wrongTokens('any', { id: 'x', role: 'client' }));
  for (const name of names) {
    test(`${name}: exact answer, two others undisturbed`, async () => {
      const [token, message, code] = wrongTokens(server.secret, person)[name];
      await bystanders.undisturbed(async () => {
        for (const transports of [['polling'], ['websocket']]) {
          const client = new Client(server.url, { auth: { token }, transports });
          const error = await client.refused();
          assert.equal(error.message, message);
          assert.deepEqual(error.data, { code });
        }
      });
    });
  }

  test('a disabled user: exact answer', async () => {
    const gone = await server.person('client');
    gone.token = await server.token(gone);
    await server.cli('user', 'disable', '--id', gone.id);
    const error = await new Client(server.url, { auth: { token: gone.token } }).refused();
    assert.equal(error.message, 'Authentication failed');
    assert.deepEqual(error.data, { code: 'user_inactive' });
  });

  test('a refused client may try again on the same connection', async () => {
    let token = 'bad';
    const socket = io(server.url, {
      forceNew: true,
      reconnection: false,
      auth: (give) => give({ token }),
    });
    const refused = new Promise((resolve) => socket.once('connect_error', resolve));
    await within(8000, 'connect_error', refused);
    token = person.token;
    const connected = new Promise((resolve) => socket.once('connect', resolve));
    socket.connect();
    await within(8000, 'connect', connected);
    socket.disconnect();
  });
});

test('no token, id, name or description stands in the log', async () => {
  const client = await new Client(server.url, { query: { token: person.token } }).connect();
  await client.ask('join-room', { roomId: 'room-canary-7731', sessionId: 'session-canary-7731' });
  client.close();
  for (const word of [person.token, person.token.split('.')[2], person.id, 'Ana <b>', '7731']) {
    assert.ok(!server.log.includes(word), `the log holds ${word}`);
  }
});
