// SPDX-License-Identifier: Apache-2.0
// The schemas of protocol/events hold what a real server and stock clients say to each other, and
// refuse what they do not.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client } from '../contract/lib/client.mjs';
import { answer, candidate, offer } from '../contract/lib/media.mjs';
import { Stillroom } from '../contract/lib/stillroom.mjs';
import { checkSchema, kSchemas, problems, schemaOf } from './lib/schema.mjs';

test('every schema uses what the validator knows, and its references lead somewhere', () => {
  assert.ok(kSchemas.size > 20);
  for (const [file, schema] of kSchemas) {
    assert.equal(schema.$id, file);
    checkSchema(schema, file);
  }
});

test('a schema refuses what is not so', () => {
  const good = { roomId: 'room-1', sessionId: 's1' };
  const schema = schemaOf('client', 'join-room');
  assert.deepEqual(problems(good, schema), []);
  for (const bad of [null, [], { roomId: 'room-1' }, { ...good, sessionId: 7 }]) {
    assert.notDeepEqual(problems(bad, schema), [], JSON.stringify(bad));
  }
  assert.notDeepEqual(problems({ ...good, more: 1 }, schema, { strict: true }), []);
  const left = { userId: 'a', socketId: 'b', userName: 'c', timestamp: 'now', reason: 'left' };
  assert.notDeepEqual(problems(left, schemaOf('server', 'user-left')), []);
});

describe('what is really said', () => {
  let server;
  const seen = new Set();

  before(async () => {
    server = await Stillroom.start();
  });
  after(async () => assert.equal(await server?.stop(), 0));

  function hold(side, event, value, suffix = '') {
    const schema = schemaOf(side, event, suffix);
    assert.ok(schema, `no schema for ${side} ${event}${suffix}`);
    assert.deepEqual(problems(value, schema, { strict: true }), [], `${side} ${event}${suffix}`);
    seen.add(schema.$id);
  }

  /** A client of which every word in and out is held against the schemas. */
  async function connect(person) {
    const client = new Client(server.url, { auth: { token: person.token } });
    client.person = person;
    client.socket.onAny((event, value) => hold('server', event, value));
    await client.connect();
    return client;
  }
  async function say(client, event, payload) {
    hold('client', event, payload);
    const ack = await client.ask(event, payload);
    hold('client', event, ack, '.ack');
    return ack;
  }

  async function talk(from, to, roomId) {
    const body = (more) => ({ ...more, to: to.id, roomId });
    await say(from, 'offer', body({ offer: offer() }));
    await to.through('offer');
    hold('client', 'answer', { answer: answer(), to: from.id, roomId });
    await say(to, 'answer', { answer: answer(), to: from.id, roomId });
    await say(from, 'ice-candidate', body({ candidate: candidate(50_000) }));
    await say(from, 'ice-candidate', body({ candidate: null }));
    await say(from, 'ice-servers', { roomId });
    await say(from, 'answer', body({ answer: answer() }));
  }

  test('a whole session, from the first join to the end of the call', async () => {
    const scene = await server.scene();
    const { roomId, sessionId } = scene;
    const where = { roomId, sessionId };
    const therapist = await connect(scene.therapist);
    const client = await connect(scene.client);
    await say(client, 'start-call', { roomId });
    await say(client, 'auth:refresh', { token: await server.token(scene.client) });
    await say(client, 'auth:refresh', { token: 'nonsense' });
    await say(therapist, 'join-room', where);
    await say(client, 'join-room', where);
    await say(client, 'start-call', where);
    await talk(client, therapist, roomId);
    const second = await connect(scene.client);
    await say(second, 'join-room', where);
    await client.through('access:revoked');
    await say(second, 'leave-room', { roomId });
    await say(second, 'end-call', { roomId });
    await say(therapist, 'end-call', where);
    await say(second, 'join-room', where);
    for (const one of [therapist, client, second]) one.close();
  });

  test('a session that is cancelled while somebody is in its room', async () => {
    const scene = await server.scene();
    const client = await connect(scene.client);
    await say(client, 'join-room', { roomId: scene.roomId, sessionId: scene.sessionId });
    await server.cli('session', 'cancel', '--id', scene.sessionId);
    const [, told] = (await client.through('access:revoked')).at(-1);
    assert.equal(told.reason, 'cancelled');
    client.close();
  });

  test('a person who is disabled while connected', async () => {
    const client = await connect(await server.stranger());
    await server.cli('user', 'disable', '--id', client.person.id);
    const [, told] = (await client.through('access:revoked')).at(-1);
    assert.deepEqual(told, { reason: 'user_inactive' });
    client.close();
  });

  test('no schema was left out', () => {
    const unheard = [...kSchemas.keys()].filter((file) => file !== 'types.json' && !seen.has(file));
    assert.deepEqual(unheard, []);
  });
});
