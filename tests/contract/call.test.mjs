// SPDX-License-Identifier: Apache-2.0
// Signalling between two people, and the start and end of their call: event -> what is expected.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Bystanders } from './lib/bystanders.mjs';
import { Client, closeAll, pair, seat } from './lib/client.mjs';
import { answer, candidate, offer, portOf, versionOf } from './lib/media.mjs';
import { Stillroom } from './lib/stillroom.mjs';

let server;
let bystanders;
before(async () => {
  server = await Stillroom.start();
  bystanders = await Bystanders.join(server);
});
after(async () => {
  closeAll();
  assert.equal(await server?.stop(), 0);
});

/** The event and the ack say the same. */
async function refused(client, event, body, text) {
  const ack = await client.ask(event, body);
  const error = await client.expect('signaling-error');
  assert.equal(error.error, text);
  assert.match(error.code, /^[a-z_]+$/);
  assert.deepEqual(ack, { ok: false, ...error });
}

/** Whatever had been passed on would arrive before this. */
async function nextIsMarker(from, to, { roomId }) {
  const body = { candidate: candidate(44_444), to: to.id, roomId };
  assert.deepEqual(await from.ask('ice-candidate', body), { ok: true });
  const told = await to.expect('ice-candidate');
  assert.equal(portOf(told.candidate.candidate), 44_444);
}

const isInstant = (text) => assert.ok(Math.abs(Date.parse(text) - Date.now()) < 60_000, `${text}`);

describe('what passes', () => {
  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    test(`offer, answer and candidates both ways, ${transports}`, async () => {
      const scene = await server.scene();
      const { therapist, client } = await pair(server, scene, { transports });
      const { roomId } = scene;
      const passed = async (from, to, event, body) => {
        assert.deepEqual(await from.ask(event, { ...body, to: to.id, roomId }), { ok: true });
        const { from: sender, roomId: room, timestamp, ...rest } = await to.expect(event);
        assert.equal(sender, from.id);
        assert.equal(room, roomId);
        isInstant(timestamp);
        return rest;
      };
      const offered = await passed(client, therapist, 'offer', { offer: offer({ version: 7 }) });
      assert.equal(offered.offer.type, 'offer');
      assert.equal(versionOf(offered.offer.sdp), 7);
      const answered = await passed(therapist, client, 'answer', {
        answer: answer({ version: 8 }),
      });
      assert.equal(answered.answer.type, 'answer');
      assert.equal(versionOf(answered.answer.sdp), 8);
      for (const [from, to] of [
        [client, therapist],
        [therapist, client],
      ]) {
        const body = { candidate: candidate(50_001) };
        const told = await passed(from, to, 'ice-candidate', body);
        assert.equal(portOf(told.candidate.candidate), 50_001);
        assert.equal(told.candidate.sdpMid, '0');
      }
      therapist.close();
      client.close();
    });
  }

  test('an empty candidate and null end the candidates', async () => {
    const scene = await server.scene();
    const { therapist, client } = await pair(server, scene);
    for (const end of [null, '', { candidate: '', sdpMid: '0', sdpMLineIndex: 0 }]) {
      const body = { candidate: end, to: therapist.id, roomId: scene.roomId };
      assert.equal((await client.ask('ice-candidate', body)).ok, true, JSON.stringify(end));
      assert.equal((await therapist.expect('ice-candidate')).from, client.id);
    }
    therapist.close();
    client.close();
  });

  test('a userId, from or timestamp in a payload is ignored', async () => {
    const scene = await server.scene();
    const { therapist, client } = await pair(server, scene);
    const lies = { from: 'somebody', timestamp: 'yesterday', userId: scene.therapist.id };
    const body = { offer: offer(), to: therapist.id, roomId: scene.roomId, ...lies };
    await client.ask('offer', body);
    const told = await therapist.expect('offer');
    assert.deepEqual(Object.keys(told).sort(), ['from', 'offer', 'roomId', 'timestamp']);
    assert.equal(told.from, client.id);
    therapist.close();
    client.close();
  });

  // Right after a join the room waits for its store: whatever comes then waits with it.
  for (let round = 1; round <= 5; round += 1) {
    test(`a hundred candidates right after a join arrive in order, ${round}`, () => trickle());
  }
  async function trickle() {
    const scene = await server.scene();
    const { therapist, client } = await pair(server, scene);
    for (let port = 30_000; port < 30_100; port += 1) {
      client.tell('ice-candidate', {
        candidate: candidate(port),
        to: therapist.id,
        roomId: scene.roomId,
      });
    }
    for (let port = 30_000; port < 30_100; port += 1) {
      const told = await therapist.expect('ice-candidate');
      assert.equal(portOf(told.candidate.candidate), port);
    }
    therapist.close();
    client.close();
  }

  test('ice-servers answers in the ack', async () => {
    const scene = await server.scene();
    const client = await seat(server.url, scene.client, scene);
    const ack = await client.ask('ice-servers', { roomId: scene.roomId });
    const policy = { iceTransportPolicy: 'all' };
    assert.deepEqual(ack, { ok: true, iceServers: [], policy });
    client.close();
  });
});

describe('what reaches nobody', () => {
  /** name -> [event, payload, text]; `to` and `roomId` are right unless they are said. */
  const cases = {
    'an offer to nobody': ['offer', { offer: offer(), to: 'nobody' }, 'Invalid signaling attempt'],
    'an offer without target': [
      'offer',
      { offer: offer(), to: undefined },
      'Invalid signaling attempt',
    ],
    'an offer to oneself': ['offer', { offer: offer(), to: 'self' }, 'Invalid signaling attempt'],
    'an offer for another room': [
      'offer',
      { offer: offer(), roomId: 'room-elsewhere' },
      'Invalid signaling attempt',
    ],
    'an offer that is none': [
      'offer',
      { offer: { type: 'offer', sdp: 'hello' } },
      'Invalid offer format',
    ],
    'an offer without sdp': ['offer', { offer: { type: 'offer' } }, 'Invalid offer format'],
    'no offer at all': ['offer', {}, 'Invalid offer format'],
    'an answer as offer': ['offer', { offer: answer() }, 'Invalid offer format'],
    'an offer with its own keys': [
      'offer',
      { offer: offer({ extra: ['a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA'] }) },
      'Invalid offer format',
    ],
    'an offer of 70 kB': [
      'offer',
      { offer: offer({ extra: Array(1400).fill(`a=x-pad:${'x'.repeat(40)}`) }) },
      'Invalid offer format',
    ],
    'an offer without fingerprint': [
      'offer',
      { offer: { type: 'offer', sdp: offer().sdp.replace(/a=fingerprint.*\r\n/, '') } },
      'Invalid offer format',
    ],
    'an answer that is none': [
      'answer',
      { answer: { type: 'answer', sdp: '' } },
      'Invalid answer format',
    ],
    'an answer that nobody asked for': [
      'answer',
      { answer: answer() },
      'Invalid signaling attempt',
    ],
    'a candidate of words': [
      'ice-candidate',
      { candidate: { candidate: 'candidate:hello', sdpMid: '0' } },
      'Invalid ICE candidate',
    ],
    'a candidate with a host name': [
      'ice-candidate',
      { candidate: { candidate: 'candidate:1 1 udp 1 example.com 5000 typ host', sdpMid: '0' } },
      'Invalid ICE candidate',
    ],
    'no candidate at all': ['ice-candidate', { candidate: undefined }, 'Invalid ICE candidate'],
    'a number': ['ice-candidate', { candidate: 7 }, 'Invalid ICE candidate'],
  };
  for (const [name, [event, payload, text]] of Object.entries(cases)) {
    test(`${name}: ${text}`, async () => {
      const scene = await server.scene();
      const { therapist, client } = await pair(server, scene);
      const body = { to: therapist.id, roomId: scene.roomId, ...payload };
      if (body.to === 'self') body.to = client.id;
      await refused(client, event, body, text);
      await nextIsMarker(client, therapist, scene);
      therapist.close();
      client.close();
    });
  }
});

describe('what is out of place or turn', () => {
  test('an offer to somebody in another room, two others undisturbed: Invalid signaling attempt', async () => {
    const here = await server.scene();
    const there = await server.scene({ fresh: true });
    const { therapist, client } = await pair(server, here);
    const far = await pair(server, there);
    await bystanders.undisturbed(async () => {
      for (const roomId of [here.roomId, there.roomId]) {
        const body = { offer: offer(), to: far.client.id, roomId };
        await refused(client, 'offer', body, 'Invalid signaling attempt');
      }
    });
    await nextIsMarker(far.therapist, far.client, there);
    for (const one of [therapist, client, far.therapist, far.client]) one.close();
  });

  test('before a seat and after it: Invalid signaling attempt', async () => {
    const scene = await server.scene();
    const therapist = await seat(server.url, scene.therapist, scene);
    const client = await new Client(server.url, { auth: { token: scene.client.token } }).connect();
    const body = { offer: offer(), to: therapist.id, roomId: scene.roomId };
    await refused(client, 'offer', body, 'Invalid signaling attempt');
    await client.ask('join-room', scene);
    await client.through('join-success');
    await client.ask('leave-room', { roomId: scene.roomId });
    await refused(client, 'offer', body, 'Invalid signaling attempt');
    await therapist.through('user-left');
    assert.deepEqual(therapist.journal, []);
    therapist.close();
    client.close();
  });

  test('an answer that does not fit its offer: Invalid answer format', async () => {
    const scene = await server.scene();
    const { therapist, client } = await pair(server, scene);
    const { roomId } = scene;
    await client.ask('offer', { offer: offer(), to: therapist.id, roomId });
    await therapist.expect('offer');
    const wrong = {
      type: 'answer',
      sdp: answer().sdp.replace('a=setup:active', 'a=setup:actpass'),
    };
    await refused(
      therapist,
      'answer',
      { answer: wrong, to: client.id, roomId },
      'Invalid answer format',
    );
    const other = { type: 'answer', sdp: answer().sdp.replace('m=audio', 'm=video') };
    await refused(
      therapist,
      'answer',
      { answer: other, to: client.id, roomId },
      'Invalid answer format',
    );
    await nextIsMarker(therapist, client, scene);
    therapist.close();
    client.close();
  });

  test('a second answer: Invalid signaling attempt', async () => {
    const scene = await server.scene();
    const { therapist, client } = await pair(server, scene);
    const { roomId } = scene;
    await client.ask('offer', { offer: offer(), to: therapist.id, roomId });
    await therapist.expect('offer');
    await therapist.ask('answer', { answer: answer(), to: client.id, roomId });
    await client.expect('answer');
    const again = { answer: answer({ version: 2 }), to: client.id, roomId };
    await refused(therapist, 'answer', again, 'Invalid signaling attempt');
    await nextIsMarker(therapist, client, scene);
    therapist.close();
    client.close();
  });

  test('a candidate that policy drops is acked and reaches nobody', async () => {
    const scene = await server.scene();
    const { therapist, client } = await pair(server, scene);
    const tcp = 'candidate:1 1 tcp 1518280447 192.168.7.9 9 typ host tcptype active';
    const body = {
      candidate: { candidate: tcp, sdpMid: '0' },
      to: therapist.id,
      roomId: scene.roomId,
    };
    assert.deepEqual(await client.ask('ice-candidate', body), { ok: true, relayed: false });
    await nextIsMarker(client, therapist, scene);
    therapist.close();
    client.close();
  });

  test('an unknown event is answered by its ack only', async () => {
    const scene = await server.scene();
    const { therapist, client } = await pair(server, scene);
    const ack = await client.ask('delete-everything', {});
    assert.deepEqual(ack, { ok: false, error: 'Unknown event', code: 'unknown_event' });
    await nextIsMarker(client, therapist, scene);
    therapist.close();
    client.close();
  });
});

describe('a call', () => {
  test('start-call by one who is alone starts it; the second is told', async () => {
    const scene = await server.scene();
    const client = await seat(server.url, scene.client, scene);
    assert.equal((await client.ask('start-call', { roomId: scene.roomId })).ok, true);
    const started = await client.expect('call-started');
    assert.equal(started.sessionId, scene.sessionId);
    const therapist = await seat(server.url, scene.therapist, scene);
    assert.deepEqual(await client.next().then(([name]) => name), 'user-joined');
    therapist.close();
    client.close();
  });

  test('a second start is answered with call-status', async () => {
    const scene = await server.scene();
    const { therapist, client } = await pair(server, scene);
    const ack = await client.ask('start-call', {
      roomId: scene.roomId,
      sessionId: scene.sessionId,
    });
    assert.equal(ack.ok, true);
    const status = await client.expect('call-status');
    assert.equal(status.status, 'in-progress');
    isInstant(status.startTime);
    await client.quiet();
    await therapist.quiet();
    therapist.close();
    client.close();
  });

  test('the therapist ends it, everyone is told, nobody comes back', async () => {
    const scene = await server.scene();
    const { therapist, client } = await pair(server, scene);
    assert.equal((await therapist.ask('end-call', { roomId: scene.roomId })).ok, true);
    for (const one of [therapist, client]) {
      const { endTime, ...ended } = await one.expect('call-ended');
      isInstant(endTime);
      assert.deepEqual(ended, { duration: 0, sessionId: scene.sessionId, status: 'completed' });
    }
    therapist.close();
    client.close();
    const late = await new Client(server.url, { auth: { token: scene.client.token } }).connect();
    assert.equal((await late.ask('join-room', scene)).error, 'Session has ended');
    late.close();
  });

  const refusals = {
    'end-call by a client': ['client', 'end-call', {}, 'Only the therapist can end the call'],
    'start-call elsewhere': ['client', 'start-call', { roomId: 'room-x' }, 'Not in this room'],
    'end-call elsewhere': ['therapist', 'end-call', { roomId: 'room-x' }, 'Not in this room'],
    'start-call without room': ['client', 'start-call', { roomId: undefined }, 'Not in this room'],
    'leave-room elsewhere': ['client', 'leave-room', { roomId: 'room-x' }, 'Not in this room'],
    'the therapist’s id in a client’s payload': [
      'client',
      'end-call',
      { userId: 'therapist-1' },
      'Only the therapist can end the call',
    ],
  };
  for (const [name, [who, event, payload, text]] of Object.entries(refusals)) {
    test(`${name}: ${text}`, async () => {
      const scene = await server.scene();
      const both = await pair(server, scene);
      const ack = await both[who].ask(event, { roomId: scene.roomId, ...payload });
      const error = await both[who].expect('call-error');
      assert.equal(error.error, text);
      assert.deepEqual(ack, { ok: false, ...error });
      await both.therapist.quiet();
      await both.client.quiet();
      both.therapist.close();
      both.client.close();
    });
  }

  test('end-call before the start: Call not started', async () => {
    const scene = await server.scene();
    const therapist = await seat(server.url, scene.therapist, scene);
    const ack = await therapist.ask('end-call', { roomId: scene.roomId });
    assert.equal(ack.error, 'Call not started');
    assert.equal((await therapist.expect('call-error')).error, 'Call not started');
    therapist.close();
  });

  test('a cancelled session ends the right to be in its room', async () => {
    const scene = await server.scene();
    const { therapist, client } = await pair(server, scene);
    await server.cli('session', 'cancel', '--id', scene.sessionId);
    for (const one of [therapist, client]) {
      assert.equal((await one.expect('access:revoked')).reason, 'cancelled');
    }
    therapist.close();
    client.close();
  });
});
