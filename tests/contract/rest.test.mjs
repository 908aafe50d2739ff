// SPDX-License-Identifier: Apache-2.0
// REST beside the socket: the same rules, the same words, errors as RFC 9457 problems.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { closeAll, pair, seat } from './lib/client.mjs';
import { isProblem, request as send } from './lib/rest.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { wrongTokens } from './lib/tokens.mjs';

const kCalls = '/api/video-calls';

let server;
before(async () => {
  server = await Stillroom.start();
});
after(async () => {
  closeAll();
  assert.equal(await server?.stop(), 0);
});

const request = (...asked) => send(server, ...asked);
const get = (path, person) => request('GET', path, { token: person.token });

describe('who asks', () => {
  for (const name of Object.keys(wrongTokens('any', { id: 'x', role: 'client' }))) {
    test(`${name}: 401`, async () => {
      const person = (await server.scene()).client;
      const [token, message, code] = wrongTokens(server.secret, person)[name];
      isProblem(await request('GET', `${kCalls}/config`, { token }), 401, message, code);
    });
  }

  test('x-auth-token is as good as Bearer', async () => {
    const { client } = await server.scene();
    const headers = { 'X-Auth-Token': client.token };
    assert.equal((await request('GET', `${kCalls}/config`, { headers })).status, 200);
  });
});

describe('what is answered', () => {
  test('config: ICE servers and policy', async () => {
    const { client } = await server.scene();
    const { status, headers, body } = await get(`${kCalls}/config`, client);
    assert.equal(status, 200);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.deepEqual(body, { iceServers: [], policy: { iceTransportPolicy: 'all' } });
  });

  test('can-join: yes, and the room', async () => {
    const scene = await server.scene();
    const { status, body } = await get(`${kCalls}/can-join/${scene.sessionId}`, scene.client);
    assert.equal(status, 200);
    assert.equal(body.canJoin, true);
    assert.equal(body.roomId, scene.roomId);
  });

  test('can-join: not yet, and no room', async () => {
    const scene = await server.scene({ start: new Date(Date.now() + 3_600_000) });
    const { body } = await get(`${kCalls}/can-join/${scene.sessionId}`, scene.client);
    assert.equal(body.canJoin, false);
    assert.equal(body.reason, 'Too early to join');
    assert.equal(body.roomId, undefined);
  });

  test('session and history: to those who take part', async () => {
    const scene = await server.scene({ fresh: true });
    const { therapist, client } = await pair(server, scene);
    for (const person of [scene.client, scene.therapist]) {
      const one = await get(`${kCalls}/session/${scene.sessionId}`, person);
      assert.equal(one.body.session.id, scene.sessionId);
      assert.equal(one.body.session.status, 'in-progress');
      const { body } = await get(`${kCalls}/history`, person);
      assert.deepEqual(
        body.sessions.map(({ id }) => id),
        [scene.sessionId],
      );
    }
    therapist.close();
    client.close();
  });

  test('history: page by page, newest start first, and nobody else’s', async () => {
    const scene = await server.scene({ fresh: true });
    const { client, therapist } = scene;
    const other = await server.stranger();
    const ids = [scene.sessionId];
    // Not in the order in which they are added.
    for (const hours of [3, 1, 4, 2]) {
      const start = new Date(Date.now() + hours * 3_600_000);
      ids[hours] = (await server.session({ clients: [client], therapist, start })).sessionId;
      await server.session({ clients: [other], therapist, start });
    }
    const newestFirst = ids.toReversed();
    const page = async (query) => {
      const { status, body } = await get(`${kCalls}/history${query}`, client);
      assert.equal(status, 200);
      const { sessions, ...asked } = body;
      return { asked, seen: sessions.map(({ id }) => id) };
    };
    /** query -> [what is taken for it, the part that is seen] */
    const pages = {
      '': [{ limit: 20, offset: 0 }, newestFirst],
      '?limit=2': [{ limit: 2, offset: 0 }, newestFirst.slice(0, 2)],
      '?limit=2&offset=2': [{ limit: 2, offset: 2 }, newestFirst.slice(2, 4)],
      '?limit=2&offset=4': [{ limit: 2, offset: 4 }, newestFirst.slice(4)],
      '?offset=3': [{ limit: 20, offset: 3 }, newestFirst.slice(3)],
      '?limit=2&offset=5': [{ limit: 2, offset: 5 }, []],
      '?limit=0': [{ limit: 1, offset: 0 }, newestFirst.slice(0, 1)],
      '?limit=1000': [{ limit: 100, offset: 0 }, newestFirst],
      '?limit=two&offset=-1': [{ limit: 20, offset: 0 }, newestFirst],
    };
    for (const [query, [asked, seen]] of Object.entries(pages)) {
      assert.deepEqual(await page(query), { asked, seen }, query);
    }
  });

  test('start and end: the rules of the socket, heard by everybody in the room', async () => {
    const scene = await server.scene({ fresh: true });
    const post = (act, person) =>
      request('POST', `${kCalls}/${act}/${scene.sessionId}`, { token: person.token });
    isProblem(await post('start', scene.client), 409, 'Not in this room', 'not_in_room');
    const therapist = await seat(server.url, scene.therapist, scene);
    isProblem(await post('end', scene.therapist), 409, 'Call not started', 'call_not_started');
    const started = await post('start', scene.therapist);
    assert.equal(started.status, 200);
    assert.equal(started.body.status, 'in-progress');
    await therapist.through('call-started');
    const again = await post('start', scene.therapist);
    assert.equal(again.body.startTime, started.body.startTime);
    const client = await seat(server.url, scene.client, scene);
    const text = 'Only the therapist can end the call';
    isProblem(await post('end', scene.client), 403, text, 'therapist_only');
    assert.equal((await post('end', scene.therapist)).body.status, 'completed');
    await client.through('call-ended');
    therapist.close();
    client.close();
  });
});

describe('what is refused', () => {
  for (const what of ['can-join', 'session']) {
    test(`${what} of somebody else’s session, and of none: the same 403`, async () => {
      const scene = await server.scene();
      const stranger = await server.stranger();
      const text = 'Unauthorized access to this session';
      const theirs = await get(`${kCalls}/${what}/${scene.sessionId}`, stranger);
      const none = await get(`${kCalls}/${what}/no-such-session`, stranger);
      isProblem(theirs, 403, text, theirs.body.code);
      isProblem(none, 403, text, theirs.body.code);
    });
  }

  test('an unknown path: 404; another method: 405', async () => {
    const { client } = await server.scene();
    isProblem(await get(`${kCalls}/nothing`, client), 404, 'Not found', 'not_found');
    const wrong = await request('DELETE', `${kCalls}/config`, { token: client.token });
    isProblem(wrong, 405, 'Method not allowed', 'method_not_allowed');
  });
});

describe('one-time links', () => {
  const exchange = (code) => request('POST', '/api/links/exchange', { body: { code } });
  const gone = (answer) => isProblem(answer, 410, 'Link is no longer valid', 'link_invalid');

  test('a code turns into a token once', async () => {
    const scene = await server.scene();
    const user = scene.client.id;
    const link = await server.cli('link', 'mint', '--user', user, '--session', scene.sessionId);
    assert.equal(link.path, `/#code=${link.code}`);
    assert.match(link.code, /^[\w-]{43}$/);
    const { status, body } = await exchange(link.code);
    assert.equal(status, 200);
    assert.deepEqual(body.user, { id: user, name: scene.client.name, role: 'client' });
    assert.equal(body.session.sessionId, scene.sessionId);
    assert.equal(body.session.roomId, scene.roomId);
    const mine = await get(`${kCalls}/can-join/${scene.sessionId}`, body);
    assert.equal(mine.body.canJoin, true);
    gone(await exchange(link.code));
    const fresh = await request('POST', '/api/links/renew', { token: body.token });
    assert.equal(fresh.status, 200);
    assert.ok(Date.parse(fresh.body.expiresAt) > Date.now());
  });

  test('twenty at once: one of them', async () => {
    const scene = await server.scene();
    const options = ['--user', scene.client.id, '--session', scene.sessionId];
    const { code } = await server.cli('link', 'mint', ...options);
    const answers = await Promise.all(Array.from({ length: 20 }, () => exchange(code)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    for (const answer of answers.filter(({ status }) => status !== 200)) gone(answer);
  });

  test('an unknown code, none, and no JSON', async () => {
    gone(await exchange('A'.repeat(43)));
    gone(await exchange('short'));
    const malformed = await request('POST', '/api/links/exchange', { body: { code: 7 } });
    isProblem(malformed, 400, 'Request is malformed', 'malformed');
  });
});
