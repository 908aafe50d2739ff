// SPDX-License-Identifier: Apache-2.0
// The server is killed in the middle of calls and started again: nothing that it said is lost, and
// clients that follow the contract come back by themselves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, closeAll, pair, seat } from './lib/client.mjs';
import { answer, candidate, offer, portOf } from './lib/media.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { within } from './lib/waiting.mjs';

let server;
before(async () => {
  server = await Stillroom.start();
});
after(async () => {
  closeAll();
  assert.equal(await server?.stop(), 0);
});

/** A stock client with its own reconnection, which joins whenever it is connected. */
async function faithful(person, scene, options) {
  const client = new Client(server.url, {
    auth: { token: person.token },
    reconnection: true,
    reconnectionDelay: 100,
    reconnectionDelayMax: 300,
    ...options,
  });
  let seats = 0;
  const waiting = [];
  client.seated = (times) =>
    within(
      15_000,
      `seat number ${times}`,
      new Promise((resolve) => {
        if (seats >= times) resolve();
        else waiting.push([times, resolve]);
      }),
    );
  client.socket.on('connect', () => client.tell('join-room', scene));
  client.socket.on('join-success', () => {
    seats += 1;
    for (const [times, resolve] of waiting) if (seats >= times) resolve();
  });
  client.socket.connect();
  await client.seated(1);
  return client;
}

for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
  test(`killed in a call, ${transports}: both come back and go on talking`, async () => {
    const scene = await server.scene();
    const { roomId, sessionId } = scene;
    const therapist = await faithful(scene.therapist, { roomId, sessionId }, { transports });
    const client = await faithful(scene.client, { roomId, sessionId }, { transports });
    await therapist.through('user-joined');
    const [, before] = (await client.through('call-status')).at(-1);
    await client.ask('offer', { offer: offer(), to: therapist.id, roomId });
    await therapist.ask('answer', { answer: answer(), to: client.id, roomId });

    await server.kill();
    await server.run();
    await Promise.all([therapist.seated(2), client.seated(2)]);
    therapist.journal = [];
    client.journal = [];

    // The call that was running runs on, from its first start.
    const status = await client.ask('start-call', { roomId });
    assert.equal(status.ok, true);
    const [, told] = (await client.through('call-status')).at(-1);
    assert.equal(told.startTime, before.startTime);
    for (const [from, to] of [
      [client, therapist],
      [therapist, client],
    ]) {
      const body = { candidate: candidate(45_000), to: to.id, roomId };
      assert.deepEqual(await from.ask('ice-candidate', body), { ok: true });
      const heard = (await to.through('ice-candidate')).at(-1)[1];
      assert.equal(portOf(heard.candidate.candidate), 45_000);
    }
    therapist.close();
    client.close();
  });
}

test('killed while commands are on their way: what was answered is there, the file is sound', async () => {
  const answered = [];
  let stop = false;
  const adding = (async () => {
    for (let number = 0; !stop; number += 1) {
      const id = `flood-${number}`;
      // Beside the killed server the command line opens the database itself, or says why not.
      const done = await server
        .cli('user', 'add', '--id', id, '--role', 'client', '--name', 'Flood')
        .then(() => true)
        .catch(() => false);
      if (done) answered.push(id);
    }
  })();
  for (let round = 0; round < 3; round += 1) {
    const enough = answered.length + 5;
    await within(
      20_000,
      'some more people',
      (async () => {
        while (answered.length < enough) await new Promise(setImmediate);
      })(),
    );
    await server.kill();
    await server.run();
  }
  stop = true;
  await adding;
  const known = new Set();
  for (let offset = 0; ; offset += 100) {
    const page = ['--limit', '100', '--offset', String(offset)];
    const { users } = await server.cli('user', 'list', ...page);
    for (const { id } of users) known.add(id);
    if (users.length < 100) break;
  }
  for (const id of answered) assert.ok(known.has(id), `${id} is lost`);
  const status = await server.cli('db', 'status');
  assert.equal(status.sound, true);
  assert.deepEqual(status.pending, []);
});

test('a call that ended stays ended', async () => {
  const scene = await server.scene();
  const { therapist, client } = await pair(server, scene);
  await therapist.ask('end-call', { roomId: scene.roomId });
  await server.kill();
  await server.run();
  therapist.close();
  client.close();
  const late = await new Client(server.url, { auth: { token: scene.client.token } }).connect();
  assert.equal((await late.ask('join-room', scene)).error, 'Session has ended');
  late.close();
});

test('stopped by SIGTERM: clients are told by the transport, and the exit is clean', async () => {
  const scene = await server.scene();
  const waiting = await seat(server.url, scene.client, scene);
  const other = await Stillroom.start();
  const scene2 = await other.scene();
  const seated = await seat(other.url, scene2.client, scene2);
  assert.equal(await other.stop(), 0);
  assert.match(await seated.dropped(), /^transport (close|error)$/);
  assert.equal(waiting.disconnected, undefined);
  waiting.close();
});
