// SPDX-License-Identifier: Apache-2.0
// Who may order what over REST, and what everybody else hears.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client, closeAll } from './lib/client.mjs';
import { kScopes, Office } from './lib/office.mjs';
import { isProblem, verdict } from './lib/rest.mjs';

let office;
let people;
before(async () => {
  office = await Office.open();
  const scene = await office.server.scene();
  const revoked = await office.application(...kScopes);
  await office.server.cli('key', 'revoke', '--id', revoked.id);
  const other = revoked.id.replace(/^./, (c) => (c === '0' ? '1' : '0'));
  people = {
    'no token': {},
    'a bad token': { token: 'x.y.z' },
    'a client': scene.client,
    'their therapist': scene.therapist,
    'another therapist': await office.somebody('therapist'),
    'an administrator': office.admin,
    'a revoked key': revoked,
    'an unknown key': { token: `sk_${other}_${revoked.key.slice(20)}` },
    'a malformed key': { token: revoked.key.slice(0, -1) },
  };
});
after(async () => {
  closeAll();
  assert.equal(await office?.server.stop(), 0);
});

const user = () => office.newUser();
const session = () => ({
  clients: [people['a client'].id],
  therapist: people['their therapist'].id,
  start: '2031-01-31T09:00:00Z',
});
/** Something new for each request. */
const one = async () => (await office.scheduled(people['their therapist'], people['a client'])).id;
const someone = async () => (await office.server.person('client')).id;
const keyId = async () => (await office.application('users:read')).id;

/** What therapists hear where it is not `403 forbidden`; `own`: as an administrator does. */
const kTheirs = { 'their therapist': 'own', 'another therapist': '403 not_yours' };
const kTheirOwn = { 'their therapist': 'own', 'another therapist': 'own' };
const kForTheirOwn = { 'their therapist': 'own' };
const rows = {
  users: () => ({ users: [user()] }),
  sessions: () => ({ sessions: [{ outsideId: office.fresh('app'), ...session() }] }),
};
const link = async () => ({ user: people['a client'].id, session: await one() });
const invite = async () => ({ user: await someone() });
const newKey = () => ({ name: 'Another', scopes: ['users:read'] });
/** Method, path, id, scope, good status, body, therapists. */
const kRoutes = [
  ['GET', '/api/users', undefined, 'users:read', 200],
  ['GET', '/api/users/', someone, 'users:read', 200],
  ['POST', '/api/users', undefined, 'users:write', 201, user],
  ['PATCH', '/api/users/', someone, 'users:write', 200, () => ({})],
  ['PUT', '/api/users', undefined, 'users:write', 200, rows.users],
  ['GET', '/api/sessions', undefined, 'sessions:read', 200, undefined, kTheirOwn],
  ['GET', '/api/sessions/', one, 'sessions:read', 200, undefined, kTheirs],
  ['POST', '/api/video-calls/generate-room/', one, 'sessions:read', 200, undefined, kTheirs],
  ['POST', '/api/sessions', undefined, 'sessions:write', 201, session, kForTheirOwn],
  ['PATCH', '/api/sessions/', one, 'sessions:write', 200, () => ({ minutes: 45 }), kTheirs],
  ['DELETE', '/api/sessions/', one, 'sessions:write', 200, undefined, kTheirs],
  ['PUT', '/api/sessions', undefined, 'sessions:write', 200, rows.sessions],
  ['GET', '/api/keys', undefined, undefined, 200],
  ['POST', '/api/keys', undefined, undefined, 201, newKey],
  ['DELETE', '/api/keys/', keyId, undefined, 200],
  ['POST', '/api/links', undefined, undefined, 201, link, kTheirs],
  ['POST', '/api/invites', undefined, undefined, 201, invite],
];

function expectedOf(scope, good, therapists) {
  const expected = {
    'no token': '401 token_missing',
    'a bad token': '401 token_invalid',
    'a client': '403 forbidden',
    'their therapist': '403 forbidden',
    'another therapist': '403 forbidden',
    ...therapists,
    'an administrator': 'own',
    'a revoked key': '401 key_invalid',
    'an unknown key': '401 key_invalid',
    'a malformed key': '401 key_invalid',
    'a key of all other scopes': '403 forbidden',
    ...(scope ? { 'a key of this scope': 'own' } : {}),
  };
  const told = ([who, what]) => [who, what === 'own' ? `${good}` : what];
  return Object.fromEntries(Object.entries(expected).map(told));
}

for (const [method, path, id, scope, good, body, therapists] of kRoutes) {
  test(`${method} ${path}: to whom`, async () => {
    const askers = { ...people };
    const others = kScopes.filter((each) => each !== scope);
    askers['a key of all other scopes'] = await office.application(...others);
    if (scope) askers['a key of this scope'] = await office.application(scope);
    const heard = {};
    for (const [who, by] of Object.entries(askers)) {
      const more = body ? { body: await body() } : {};
      heard[who] = verdict(await office.send(method, path + (id ? await id() : ''), by, more));
    }
    assert.deepEqual(heard, expectedOf(scope, good, therapists));
  });
}

describe('what is theirs', () => {
  test('a therapist hears the same of others’ sessions and of none; an application hears 404', async () => {
    const { 'another therapist': other } = people;
    const id = await one();
    const app = await office.application('sessions:read', 'sessions:write');
    for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']]) {
      const theirs = await office.send(method, `/api/sessions/${id}`, other, { body });
      const none = await office.send(method, '/api/sessions/no-such-session', other, { body });
      isProblem(theirs, 403, 'Unauthorized access to this session', 'not_yours');
      assert.deepEqual(none.body, theirs.body);
      const missing = await office.send(method, '/api/sessions/no-such-session', app, { body });
      isProblem(missing, 404, 'Not found', 'not_found');
    }
  });

  test('a therapist schedules for themselves only, and gives no session away', async () => {
    const { 'their therapist': own, 'another therapist': other, 'a client': client } = people;
    const body = { ...session(), therapist: other.id };
    assert.equal(
      verdict(await office.send('POST', '/api/sessions', own, { body })),
      '403 forbidden',
    );
    const id = await one();
    const away = await office.send('PATCH', `/api/sessions/${id}`, own, {
      body: { therapist: other.id },
    });
    assert.equal(verdict(away), '403 forbidden');
    const listed = await office.send('GET', '/api/sessions?limit=100', other);
    assert.deepEqual(listed.body.sessions, []);
    const mine = await office.send('GET', '/api/sessions?limit=100', own);
    assert.ok(mine.body.sessions.some((each) => each.id === id));
    assert.ok(mine.body.sessions.every((each) => each.participants.some((p) => p.id === own.id)));
    assert.equal(verdict(await office.send('GET', '/api/sessions', client)), '403 forbidden');
  });

  test('a link is for clients, lives as long as asked within its bounds, and opens once', async () => {
    const { 'their therapist': own, 'a client': client } = people;
    const session = await one();
    const ask = (by, body, headers) =>
      office.send('POST', '/api/links', by, { body: { session, ...body }, headers });
    const { status, body } = await ask(own, { user: client.id, ttl: 3600 });
    assert.equal(status, 201);
    assert.equal(body.path, `/#code=${body.code}`);
    assert.ok(Math.abs(Date.parse(body.expiresAt) - Date.now() - 3_600_000) < 60_000);
    const exchange = () =>
      office.send('POST', '/api/links/exchange', {}, { body: { code: body.code } });
    assert.equal((await exchange()).body.user.id, client.id);
    assert.equal(verdict(await exchange()), '410 link_invalid');
    for (const by of [own, office.admin]) {
      assert.equal(verdict(await ask(by, { user: own.id })), '409 participant_unfit');
    }
    for (const ttl of [0, 30 * 86_400 + 1]) {
      assert.equal(verdict(await ask(own, { user: client.id, ttl })), '400 invalid');
    }
    assert.equal(verdict(await ask(own, {})), '400 malformed');
    const again = await ask(own, { user: client.id }, { 'Idempotency-Key': 'k' });
    assert.equal(verdict(again), '400 invalid', 'its answer is a secret, which is not kept');
  });

  test('an invitation sets a password, and is an administrator’s to give', async () => {
    const user = await someone();
    const { body } = await office.send('POST', '/api/invites', office.admin, { body: { user } });
    assert.equal(body.path, `/account#invite=${body.code}`);
    const view = await office.send('POST', '/api/auth/invite', {}, { body: { invite: body.code } });
    assert.equal(view.body.user.id, user);
    const none = await office.send('POST', '/api/invites', office.admin, {
      body: { user: 'nobody' },
    });
    assert.equal(verdict(none), '404 not_found');
  });

  test('an application makes no administrator and touches none', async () => {
    const app = await office.application('users:write');
    const body = { ...user(), role: 'admin' };
    assert.equal(verdict(await office.send('POST', '/api/users', app, { body })), '403 forbidden');
    const path = `/api/users/${office.admin.id}`;
    const off = await office.send('PATCH', path, app, { body: { status: 'inactive' } });
    assert.equal(verdict(off), '403 forbidden');
    const made = user();
    assert.equal((await office.send('POST', '/api/users', app, { body: made })).status, 201);
    const up = await office.send('PATCH', `/api/users/${made.id}`, app, {
      body: { role: 'admin' },
    });
    assert.equal(verdict(up), '403 forbidden');
    const rows = { users: [{ id: made.id, role: 'admin' }] };
    assert.equal(
      (await office.send('PUT', '/api/users', app, { body: rows })).body.rows[0].code,
      'forbidden',
    );
    assert.equal((await office.send('GET', '/api/users', office.admin)).status, 200);
  });

  test('a key opens no socket and no session’s content', async () => {
    const app = await office.application(...kScopes);
    const refused = await new Client(office.server.url, { auth: { token: app.token } }).refused();
    assert.equal(refused.data.code, 'token_invalid');
    const id = await one();
    for (const path of [`session/${id}`, `can-join/${id}`, 'config', 'history']) {
      const answer = await office.send('GET', `/api/video-calls/${path}`, app);
      assert.equal(verdict(answer), '401 token_invalid', path);
    }
  });

  test('a bad key is not replaced by a good token beside it', async () => {
    const headers = { 'X-Auth-Token': office.admin.token };
    const answer = await office.send('GET', '/api/users', people['a revoked key'], { headers });
    assert.equal(verdict(answer), '401 key_invalid');
  });
});
