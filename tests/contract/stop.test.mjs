// SPDX-License-Identifier: Apache-2.0
// SIGTERM, seen from outside: everybody is told by the transport, nobody new gets in, and neither a
// client that does not read nor one that waits keeps the server from ending well.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seat } from './lib/client.mjs';
import { RawLink, RawPolling, Wire } from './lib/raw.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { pause, within } from './lib/waiting.mjs';

/** Until nobody listens there any more. */
async function refused(port) {
  for (;;) {
    const wire = await Wire.open(port).catch((error) => error);
    if (wire instanceof Error) return wire.code;
    wire.close();
    await pause(5);
  }
}

test('told 1001, a hanging GET answered, new connections refused, exit 0', async () => {
  const server = await Stillroom.start();
  const scene = await server.scene();
  const seated = await seat(server.url, scene.client, scene, { transports: ['websocket'] });
  const link = await RawLink.open(server.port);
  const polling = await RawPolling.open(server.port);
  await polling.connect(scene.therapist.token);
  const hanging = polling.get();
  const deaf = await RawLink.open(server.port);
  deaf.wire.socket.pause();
  await pause(100); // nobody says that the GET hangs

  const begun = performance.now();
  const ended = server.stop();
  assert.equal(await within(5000, 'a refused connection', refused(server.port)), 'ECONNREFUSED');
  assert.ok(server.running, 'the client that does not read is waited for');
  assert.equal(await link.closed(), 1001);
  const { status, body } = await hanging;
  assert.deepEqual({ status, body }, { status: 200, body: '1' });
  assert.match(await seated.dropped(), /^transport (close|error)$/);
  assert.equal(await ended, 0);
  assert.ok(performance.now() - begun < 10_000, 'within server.shutdown_grace');
  deaf.close();
});

test('a client that does not read is cut when the grace is over, exit 0', async () => {
  const server = await Stillroom.start({ STILLROOM_SERVER_SHUTDOWN_GRACE: '1s' });
  const deaf = await RawLink.open(server.port);
  deaf.wire.socket.pause();
  const begun = performance.now();
  assert.equal(await server.stop(), 0);
  assert.ok(performance.now() - begun >= 950, 'not before the grace is over');
  deaf.close();
});

test('commands that are on their way at SIGTERM are answered, one way or the other', async () => {
  const server = await Stillroom.start();
  const scene = await server.scene();
  const therapist = await seat(server.url, scene.therapist, scene, { transports: ['websocket'] });
  const asked = [];
  const answered = [];
  const ask = (event, payload) => {
    asked.push(event);
    therapist.socket.emit(event, payload, (answer) => answered.push(answer));
  };
  // Each of them waits for a record of its own, one after the other.
  for (let round = 0; round < 15; round += 1) ask('ice-servers', { roomId: scene.roomId });
  // Another room's refusal waits for none: when it is here, the server has read them all.
  await therapist.ask('leave-room', { roomId: 'room-of-nobody' });
  assert.equal(await server.stop(), 0);
  await therapist.dropped();
  assert.equal(answered.length, asked.length, JSON.stringify(answered));
  for (const answer of answered) assert.equal(typeof answer.ok, 'boolean');
});
