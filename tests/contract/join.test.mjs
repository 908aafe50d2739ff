// SPDX-License-Identifier: Apache-2.0
// Coming in and going: what everyone is told, in which order, and every refusal.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Bystanders } from './lib/bystanders.mjs';
import { Client, closeAll, pair, seat } from './lib/client.mjs';
import { Stillroom } from './lib/stillroom.mjs';

const kMinuteMs = 60_000;
const fromNow = (minutes) => new Date(Date.now() + minutes * kMinuteMs);

let server;
let bystanders;
before(async () => {
  server = await Stillroom.start({ STILLROOM_ROOMS_GRACE_SEAT: '1s' });
  bystanders = await Bystanders.join(server);
});
after(async () => {
  closeAll();
  assert.equal(await server?.stop(), 0);
});

const connect = (person, options = {}) =>
  new Client(server.url, { auth: { token: person.token }, ...options }).connect();
const names = (events) => events.map(([name]) => name);
const isInstant = (text) => assert.ok(Math.abs(Date.parse(text) - Date.now()) < 60_000, `${text}`);

describe('a room fills', () => {
  test('the first comer gets an empty list, then join-success', async () => {
    const scene = await server.scene();
    const client = await connect(scene.client);
    client.tell('join-room', { roomId: scene.roomId, sessionId: scene.sessionId });
    assert.deepEqual(await client.expect('existing-participants'), []);
    const joined = await client.expect('join-success');
    const { seatId, iceServers, policy, ...base } = joined;
    assert.deepEqual(base, {
      roomId: scene.roomId,
      sessionId: scene.sessionId,
      participantCount: 1,
      userRole: 'client',
      secureConnection: false,
    });
    assert.equal(typeof seatId, 'string');
    assert.deepEqual(iceServers, []);
    assert.deepEqual(policy, { iceTransportPolicy: 'all' });
    client.close();
  });

  test('the second comer starts the call, in the order of the contract', async () => {
    const scene = await server.scene();
    const first = await seat(server.url, scene.client, scene);
    const second = await connect(scene.therapist);
    second.tell('join-room', { roomId: scene.roomId, sessionId: scene.sessionId });

    const newcomer = await second.through('join-success');
    assert.deepEqual(names(newcomer), [
      'call-started',
      'existing-participants',
      'call-status',
      'join-success',
    ]);
    const [[, started], [, existing], [, status], [, joined]] = newcomer;
    assert.equal(started.sessionId, scene.sessionId);
    assert.equal(started.status, 'in-progress');
    isInstant(started.startTime);
    assert.deepEqual(existing, [
      {
        socketId: first.id,
        userId: scene.client.id,
        userName: scene.client.name,
        userRole: 'client',
        seatId: first.joinAck.seatId,
      },
    ]);
    assert.deepEqual(status, { status: 'in-progress', startTime: started.startTime });
    assert.equal(joined.participantCount, 2);
    assert.equal(joined.userRole, 'psychologist');

    const others = await first.through('user-joined');
    assert.deepEqual(names(others), ['call-started', 'user-joined']);
    assert.deepEqual(others[0][1], started);
    assert.deepEqual(others[1][1], {
      userId: scene.therapist.id,
      userName: scene.therapist.name,
      userRole: 'psychologist',
      socketId: second.id,
    });
    first.close();
    second.close();
  });

  test('the ack of join-room says what join-success says', async () => {
    const scene = await server.scene();
    const client = await connect(scene.client);
    const ack = await client.ask('join-room', scene);
    const [, success] = (await client.through('join-success')).at(-1);
    const { ok, ...rest } = ack;
    assert.equal(ok, true);
    assert.deepEqual(rest, success);
    client.close();
  });

  test('the same on every transport, mixed', async () => {
    const scene = await server.scene({ clients: 2, type: 'couples' });
    const polling = await seat(server.url, scene.clients[0], scene, { transports: ['polling'] });
    const socket = await seat(server.url, scene.clients[1], scene, { transports: ['websocket'] });
    await polling.through('user-joined');
    const upgraded = await seat(server.url, scene.therapist, scene);
    for (const other of [polling, socket]) {
      const [, joined] = (await other.through('user-joined')).at(-1);
      assert.equal(joined.socketId, upgraded.id);
    }
    assert.equal(upgraded.joinAck.participantCount, 3);
    for (const client of [polling, socket, upgraded]) client.close();
  });

  test('a name is text as it was given', async () => {
    const scene = await server.scene();
    const name = '<img src=x onerror=alert(1)> "\\ \u{1F9D8} é';
    const odd = await server.person('client', name);
    const added = await server.session({ clients: [odd], therapist: scene.therapist });
    odd.token = await server.token(odd);
    const therapist = await seat(server.url, scene.therapist, added);
    const client = await seat(server.url, odd, added);
    const [, joined] = (await therapist.through('user-joined')).at(-1);
    assert.equal(joined.userName, name);
    therapist.close();
    client.close();
  });
});

describe('one seat for one person and device', () => {
  test('a second join replaces the first', async () => {
    const scene = await server.scene();
    const { therapist, client } = await pair(server, scene);
    const again = await seat(server.url, scene.client, scene);
    const revoked = await client.expect('access:revoked');
    assert.equal(revoked.reason, 'replaced');
    const left = await therapist.expect('user-left');
    assert.equal(left.reason, 'replaced');
    assert.equal(left.socketId, client.id);
    const joined = await therapist.expect('user-joined');
    assert.equal(joined.socketId, again.id);
    assert.equal(again.joinAck.participantCount, 2);
    // The first connection stays open, and has no seat.
    const refused = await client.ask('start-call', { roomId: scene.roomId });
    assert.equal(refused.error, 'Not in this room');
    for (const one of [therapist, client, again]) one.close();
  });

  test('two devices of one person are two seats of one person', async () => {
    const scene = await server.scene();
    const therapist = await seat(server.url, scene.therapist, scene);
    const withDevice = (deviceId) => ({ auth: { token: scene.client.token, deviceId } });
    const phone = await seat(server.url, scene.client, scene, withDevice('phone'));
    const laptop = await seat(server.url, scene.client, scene, withDevice('laptop'));
    assert.equal(laptop.joinAck.participantCount, 2);
    assert.notEqual(phone.joinAck.seatId, laptop.joinAck.seatId);
    assert.deepEqual(names(await therapist.through('user-joined')), [
      'call-started',
      'user-joined',
    ]);
    await therapist.expect('user-joined');
    for (const one of [therapist, phone, laptop]) one.close();
  });
});

describe('join-error', () => {
  const refusals = {
    'somebody else’s session': [{}, 'stranger', 'Unauthorized access to this session'],
    'a cancelled session': [
      { cancelled: true },
      'client',
      'Cannot join cancelled or declined session',
    ],
    'a declined session': [
      { status: 'declined' },
      'client',
      'Cannot join cancelled or declined session',
    ],
    'an unpaid session': [
      { payment: 'pending' },
      'client',
      'Payment must be confirmed before joining',
    ],
    'a session in an hour': [{ start: 60 }, 'client', 'Too early to join'],
    'a session three hours ago': [{ start: -180 }, 'client', 'Session has ended'],
    'a completed session': [{ status: 'completed' }, 'client', 'Session has ended'],
  };
  for (const [name, [state, who, text]] of Object.entries(refusals)) {
    test(`${name}: ${text}`, async () => {
      const { cancelled, start, ...session } = state;
      const scene = await server.scene({ ...session, start: fromNow(start ?? 0) });
      if (cancelled) await server.cli('session', 'cancel', '--id', scene.sessionId);
      const person = who === 'stranger' ? await server.stranger() : scene[who];
      await refusedWith(person, { roomId: scene.roomId, sessionId: scene.sessionId }, text);
    });
  }

  test('a session that does not exist looks like somebody else’s', async () => {
    const scene = await server.scene();
    const nowhere = { roomId: scene.roomId, sessionId: 'no-such-session' };
    await refusedWith(scene.client, nowhere, 'Unauthorized access to this session');
  });

  test('an admin is no participant', async () => {
    const scene = await server.scene();
    const admin = await server.person('admin');
    admin.token = await server.token(admin);
    await refusedWith(admin, scene, 'Unauthorized access to this session');
  });

  test('the room of another session', async () => {
    const scene = await server.scene();
    const other = await server.scene();
    const wrong = { roomId: other.roomId, sessionId: scene.sessionId };
    await refusedWith(scene.client, wrong, 'Invalid room ID for session');
  });

  test('a room that does not exist', async () => {
    const scene = await server.scene();
    const wrong = {
      roomId: 'room-00000000-0000-4000-8000-000000000000',
      sessionId: scene.sessionId,
    };
    await refusedWith(scene.client, wrong, 'Invalid room ID for session');
  });

  test('more devices than one person may seat', async () => {
    const scene = await server.scene();
    const seated = [];
    let refused;
    for (let number = 1; number <= 10 && !refused; number += 1) {
      const auth = { token: scene.client.token, deviceId: `device-${number}` };
      const client = await connect(scene.client, { auth });
      const ack = await client.ask('join-room', scene);
      if (!ack.ok) refused = ack;
      seated.push(client);
    }
    assert.equal(refused?.error, 'Room is full');
    assert.equal((await seated.at(-1).expect('join-error')).error, 'Room is full');
    for (const one of seated) one.close();
  });

  test('payloads that say nothing', async () => {
    const scene = await server.scene();
    const payloads = [
      [undefined, 'Session not found'],
      [null, 'Session not found'],
      ['text', 'Session not found'],
      [[], 'Session not found'],
      [{ roomId: scene.roomId }, 'Session not found'],
      [{ roomId: scene.roomId, sessionId: 7 }, 'Session not found'],
      [{ roomId: scene.roomId, sessionId: { $ne: null } }, 'Session not found'],
      [{ sessionId: scene.sessionId }, 'Invalid room ID for session'],
    ];
    const client = await connect(scene.client);
    for (const [payload, text] of payloads) {
      const ack = await client.ask('join-room', payload);
      assert.equal(ack.ok, false, JSON.stringify(payload));
      assert.equal(ack.error, text, JSON.stringify(payload));
      assert.equal((await client.expect('join-error')).error, text);
    }
    client.close();
  });

  test('15 minutes before the start the door opens', async () => {
    const scene = await server.scene({ start: fromNow(14) });
    (await seat(server.url, scene.client, scene)).close();
  });

  test('119 minutes after the start it is open', async () => {
    const scene = await server.scene({ start: fromNow(-119) });
    (await seat(server.url, scene.client, scene)).close();
  });

  /** The event and the ack say the same, and a code; two others notice nothing of it. */
  function refusedWith(person, { roomId, sessionId }, text) {
    return bystanders.undisturbed(async () => {
      const client = await connect(person);
      const ack = await client.ask('join-room', { roomId, sessionId });
      const error = await client.expect('join-error');
      assert.equal(error.error, text);
      assert.match(error.code, /^[a-z_]+$/);
      assert.deepEqual(ack, { ok: false, ...error });
      client.close();
    });
  }
});

describe('user-left', () => {
  const ways = {
    'leave-room': ['left', (client, { roomId }) => client.ask('leave-room', { roomId })],
    'a DISCONNECT packet': ['disconnected', (client) => client.close()],
    'a lost transport, after the grace': ['connection_lost', (client) => client.vanish()],
  };
  for (const [name, [reason, go]] of Object.entries(ways)) {
    for (const transports of [['polling'], ['websocket']]) {
      test(`${name}, ${transports}: ${reason}`, async () => {
        const scene = await server.scene();
        const { therapist, client } = await pair(server, scene, { transports });
        const { id } = client;
        await go(client, scene);
        const { timestamp, ...left } = await therapist.expect('user-left');
        isInstant(timestamp);
        assert.deepEqual(left, {
          userId: scene.client.id,
          socketId: id,
          userName: scene.client.name,
          reason,
        });
        therapist.close();
        client.close();
      });
    }
  }

  test('a seat that is taken again within the grace is not left', async () => {
    const scene = await server.scene();
    const { therapist, client } = await pair(server, scene);
    client.vanish();
    const back = await seat(server.url, scene.client, scene);
    assert.equal(back.joinAck.seatId, client.joinAck.seatId);
    const left = await therapist.expect('user-left');
    assert.equal(left.reason, 'replaced');
    const joined = await therapist.expect('user-joined');
    assert.equal(joined.socketId, back.id);
    therapist.close();
    back.close();
  });

  test('whoever left may come back', async () => {
    const scene = await server.scene();
    const { therapist, client } = await pair(server, scene);
    assert.deepEqual(await client.ask('leave-room', { roomId: scene.roomId }), { ok: true });
    await therapist.expect('user-left');
    const ack = await client.ask('join-room', scene);
    assert.equal(ack.participantCount, 2);
    await therapist.expect('user-joined');
    therapist.close();
    client.close();
  });
});
