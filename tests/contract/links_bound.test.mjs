// SPDX-License-Identifier: Apache-2.0
// A token from a link opens the session of its link. Whoever makes a link, or finds one, is its
// person nowhere else.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client, closeAll, pair, seat } from './lib/client.mjs';
import { Office } from './lib/office.mjs';
import { isProblem, verdict } from './lib/rest.mjs';

const kCalls = '/api/video-calls';
const kStranger = 'Unauthorized access to this session';

let office;
before(async () => {
  office = await Office.open();
});
after(async () => {
  closeAll();
  assert.equal(await office?.server.stop(), 0);
});

const send = (...asked) => office.send(...asked);
const exchange = (code) => send('POST', '/api/links/exchange', {}, { body: { code } });
const mint = (by, user, session) => send('POST', '/api/links', by, { body: { user, session } });

/** A client in a call with their therapist, and another therapist with a session of the client's. */
async function wanted() {
  const scene = await office.server.scene({ fresh: true });
  const other = await office.somebody('therapist');
  const bait = await office.scheduled(other, scene.client);
  return { scene, other, bait: { sessionId: bait.id, roomId: bait.roomId } };
}

/** The other therapist makes a link for the client, and uses it. */
async function taken({ scene, other, bait }) {
  const { status, body } = await mint(other, scene.client.id, bait.sessionId);
  assert.equal(status, 201);
  const exchanged = await exchange(body.code);
  assert.equal(exchanged.status, 200);
  assert.equal(exchanged.body.user.id, scene.client.id);
  return exchanged.body;
}

async function ticketOf(thief) {
  const { status, body } = await send('POST', '/api/tickets', thief);
  assert.equal(status, 200);
  return body.ticket;
}
async function renewed(thief) {
  const { status, body } = await send('POST', '/api/links/renew', thief);
  assert.equal(status, 200);
  return body;
}

/** Every form that the right takes: what opens REST, and what opens a connection. */
const kForms = {
  'as it is': (thief) => [thief, thief.token],
  'renewed, twice': async (thief) => {
    const again = await renewed(await renewed(thief));
    return [again, again.token];
  },
  'as a ticket': async (thief) => [thief, await ticketOf(thief)],
  'as a ticket of a renewed one': async (thief) => {
    const again = await renewed(thief);
    return [again, await ticketOf(again)];
  },
};

describe('a link into one session', () => {
  for (const [form, made] of Object.entries(kForms)) {
    test(`${form}: nothing is learnt of another session, and nobody is put out of it`, async () => {
      const stage = await wanted();
      const { scene, bait } = stage;
      const { therapist, client } = await pair(office.server, scene);
      const [right, token] = await made(await taken(stage));

      for (const what of ['can-join', 'session']) {
        const answer = await send('GET', `${kCalls}/${what}/${scene.sessionId}`, right);
        isProblem(answer, 403, kStranger, 'not_yours');
      }
      for (const what of ['start', 'end']) {
        const answer = await send('POST', `${kCalls}/${what}/${scene.sessionId}`, right);
        assert.equal(verdict(answer), '403 not_yours');
      }
      const history = await send('GET', `${kCalls}/history`, right);
      assert.deepEqual(
        history.body.sessions.map(({ id }) => id),
        [bait.sessionId],
      );

      const thief = await new Client(office.server.url, { auth: { token } }).connect();
      const { roomId, sessionId } = scene;
      const ack = await thief.ask('join-room', { roomId, sessionId });
      assert.deepEqual([ack.ok, ack.error, ack.code], [false, kStranger, 'not_yours']);
      await client.quiet();
      await therapist.quiet();
      assert.equal(client.disconnected, undefined);
      for (const each of [thief, therapist, client]) each.close();
    });

    test(`${form}: its own session works`, async () => {
      const stage = await wanted();
      const { bait, other, scene } = stage;
      const [right, token] = await made(await taken(stage));
      const able = await send('GET', `${kCalls}/can-join/${bait.sessionId}`, right);
      assert.equal(able.body.canJoin, true);
      const shown = await send('GET', `${kCalls}/session/${bait.sessionId}`, right);
      assert.equal(shown.body.session.id, bait.sessionId);
      const me = await send('GET', '/api/auth/me', right);
      assert.equal(me.body.user.id, scene.client.id);
      assert.equal((await send('GET', `${kCalls}/config`, right)).status, 200);
      const therapist = await seat(office.server.url, other, bait);
      const client = await seat(office.server.url, { token }, bait);
      await therapist.through('user-joined');
      const fresh = await renewed(right);
      assert.equal((await client.ask('auth:refresh', { token: fresh.token })).ok, true);
      const wide = await client.ask('auth:refresh', { token: scene.client.token });
      assert.equal(wide.code, 'token_invalid', 'a connection stays what it was made for');
      for (const each of [therapist, client]) each.close();
    });
  }

  test('the client’s own token still opens both sessions', async () => {
    const { scene, bait } = await wanted();
    for (const sessionId of [scene.sessionId, bait.sessionId]) {
      const able = await send('GET', `${kCalls}/can-join/${sessionId}`, scene.client);
      assert.equal(able.body.canJoin, true);
    }
    const history = await send('GET', `${kCalls}/history`, scene.client);
    assert.equal(history.body.sessions.length, 2);
  });

  test('a therapist’s, from the command line: the call, and no orders', async () => {
    const { scene } = await wanted();
    const ids = ['--user', scene.therapist.id, '--session', scene.sessionId];
    const { code } = await office.server.cli('link', 'mint', ...ids);
    const { body: right } = await exchange(code);
    const therapist = await seat(office.server.url, right, scene);
    const client = await seat(office.server.url, scene.client, scene);
    for (const [method, path] of [
      ['GET', '/api/sessions'],
      ['GET', `/api/sessions/${scene.sessionId}`],
      ['DELETE', `/api/sessions/${scene.sessionId}`],
    ]) {
      assert.equal(verdict(await send(method, path, right)), '403 forbidden');
    }
    const more = await mint(right, scene.client.id, scene.sessionId);
    assert.equal(verdict(more), '403 forbidden');
    const end = await send('POST', `${kCalls}/end/${scene.sessionId}`, right);
    assert.equal(end.status, 200);
    for (const each of [therapist, client]) each.close();
  });
});

describe('a session that is over', () => {
  test('no link leads into it, and none that was made before', async () => {
    const { scene, other, bait } = await wanted();
    const made = await mint(other, scene.client.id, bait.sessionId);
    assert.equal((await send('DELETE', `/api/sessions/${bait.sessionId}`, other)).status, 200);
    const late = await mint(other, scene.client.id, bait.sessionId);
    isProblem(late, 409, 'Session is over', 'session_over');
    isProblem(await exchange(made.body.code), 410, 'Link is no longer valid', 'link_invalid');
    const ids = ['--user', scene.client.id, '--session', bait.sessionId];
    await assert.rejects(office.server.cli('link', 'mint', ...ids), /cancelled/);
  });
});
