// SPDX-License-Identifier: Apache-2.0
// People and sessions over REST: what becomes of an order, and of one that comes twice.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Office } from './lib/office.mjs';
import { isProblem, verdict } from './lib/rest.mjs';

let office;
before(async () => {
  office = await Office.open();
});
after(async () => {
  assert.equal(await office?.server.stop(), 0);
});

describe('people', () => {
  test('are made, found, changed and deleted', async () => {
    const id = 'anna+1@clinic.example';
    const made = await office.send('POST', '/api/users', office.admin, {
      body: { id, name: 'Anna', role: 'therapist', more: { ignored: true } },
    });
    const user = { id, name: 'Anna', role: 'psychologist', status: 'active' };
    assert.deepEqual(made.body, { user });
    const path = `/api/users/${encodeURIComponent(id)}`;
    assert.deepEqual((await office.send('GET', path, office.admin)).body, { user });
    assert.deepEqual((await office.send('GET', `/api/users/${id}`, office.admin)).body, { user });
    const body = { name: 'Anna B', role: 'client', status: 'inactive' };
    const changed = await office.send('PATCH', path, office.admin, { body });
    assert.deepEqual(changed.body, { user: { id, ...body } });
    const deleted = await office.send('PATCH', path, office.admin, { body: { status: 'deleted' } });
    assert.equal(deleted.body.user.status, 'deleted');
    isProblem(await office.send('GET', path, office.admin), 404, 'Not found', 'not_found');
    const back = await office.send('PATCH', path, office.admin, { body: { status: 'active' } });
    isProblem(back, 404, 'Not found', 'not_found');
    const again = await office.send('POST', '/api/users', office.admin, {
      body: { ...user, role: 'client' },
    });
    isProblem(again, 409, 'User exists already', 'user_exists');
  });

  test('are listed page by page', async () => {
    for (let more = 0; more < 3; more += 1) {
      await office.send('POST', '/api/users', office.admin, { body: office.newUser() });
    }
    const { body } = await office.send('GET', '/api/users?limit=2&offset=1', office.admin);
    assert.equal(body.users.length, 2);
    assert.deepEqual([body.limit, body.offset], [2, 1]);
    const all = (await office.send('GET', '/api/users?limit=1000', office.admin)).body;
    assert.equal(all.limit, 100);
    assert.deepEqual(all.users.slice(1, 3), body.users);
  });

  test('come in bulk: all rows or none', async () => {
    const [one, two, three] = [office.fresh('bulk'), office.fresh('bulk'), office.fresh('bulk')];
    const put = (users) => office.send('PUT', '/api/users', office.admin, { body: { users } });
    const first = await put([
      { id: one, name: 'One', role: 'client' },
      { id: two, name: 'Two', role: 'therapist', status: 'inactive' },
    ]);
    assert.deepEqual(first.body, { added: 2, changed: 0, unchanged: 0 });
    const second = await put([
      { id: one, name: 'One', role: 'client' },
      { id: two, status: 'active' },
      { id: three, name: 'Three', role: 'client' },
    ]);
    assert.deepEqual(second.body, { added: 1, changed: 1, unchanged: 1 });
    const refused = await put([
      { id: one, name: 'Changed' },
      { id: office.fresh('bulk') },
      { id: two, name: ' ' },
      { id: one, name: 'Twice' },
      { id: 'a b', name: 'No', role: 'client' },
    ]);
    isProblem(refused, 409, 'Rows were refused, nothing was done', 'rows_refused');
    assert.deepEqual(
      refused.body.rows.map(({ row, code }) => [row, code]),
      [1, 2, 3, 4].map((row) => [row, 'invalid']),
    );
    assert.equal(
      (await office.send('GET', `/api/users/${one}`, office.admin)).body.user.name,
      'One',
    );
    assert.deepEqual((await put([])).body, { added: 0, changed: 0, unchanged: 0 });
  });

  test('two hundred in one body, and no more', async () => {
    const rows = (length) =>
      Array.from({ length }, (_, row) => ({
        id: `many-${row}`,
        name: `Many ${row}`,
        role: 'client',
      }));
    const full = await office.send('PUT', '/api/users', office.admin, {
      body: { users: rows(200) },
    });
    assert.equal(full.body.added, 200);
    const over = await office.send('PUT', '/api/users', office.admin, {
      body: { users: rows(201) },
    });
    isProblem(over, 400, 'A value breaks its rule', 'invalid');
  });
});

describe('sessions', () => {
  let therapist;
  let client;
  before(async () => {
    ({ therapist, client } = await office.server.scene());
  });
  const change = (id, body) => office.send('PATCH', `/api/sessions/${id}`, office.admin, { body });

  test('are made, found, changed and cancelled', async () => {
    const start = '2031-01-31T09:00:00.000Z';
    const made = await office.scheduled(therapist, client, {
      start,
      outsideId: 'app:1',
      status: 'pending',
      payment: 'pending',
    });
    assert.match(made.roomId, /^room-/);
    const { id, roomId } = made;
    assert.deepEqual(made, {
      id,
      roomId,
      type: 'individual',
      status: 'pending',
      start,
      minutes: 50,
      payment: 'pending',
      outsideId: 'app:1',
      participants: [
        { id: therapist.id, role: 'psychologist' },
        { id: client.id, role: 'client' },
      ],
    });
    assert.deepEqual(
      (await office.send('GET', `/api/sessions/${id}`, office.admin)).body.session,
      made,
    );
    const later = '2031-02-01T10:00:00.000Z';
    const more = await office.server.person('client');
    const wanted = {
      start: later,
      minutes: 80,
      payment: 'waived',
      status: 'confirmed',
      type: 'couples',
      clients: [client.id, more.id],
    };
    const changed = (await change(id, wanted)).body.session;
    assert.deepEqual(changed, {
      ...made,
      start: later,
      minutes: 80,
      payment: 'waived',
      status: 'confirmed',
      type: 'couples',
      participants: [...made.participants, { id: more.id, role: 'client' }],
    });
    const room = await office.send('POST', `/api/video-calls/generate-room/${id}`, office.admin);
    assert.deepEqual(room.body, { roomId, sessionId: id });
    const again = await office.send('POST', `/api/video-calls/generate-room/${id}`, therapist);
    assert.deepEqual(again.body, room.body);
    const off = await office.send('DELETE', `/api/sessions/${id}`, office.admin);
    assert.deepEqual(off.body, { sessionId: id, roomId, status: 'cancelled', was: 'confirmed' });
    const twice = await office.send('DELETE', `/api/sessions/${id}`, office.admin);
    isProblem(twice, 409, 'Session is over', 'session_over');
    isProblem(await change(id, { minutes: 20 }), 409, 'Session is over', 'session_over');
    assert.equal((await change(id, { payment: 'confirmed' })).status, 200);
  });

  test('become what may follow, and nothing else', async () => {
    const statuses = [
      'pending',
      'approved',
      'confirmed',
      'in-progress',
      'completed',
      'cancelled',
      'declined',
      'no-show',
    ];
    const follow = {
      pending: ['approved', 'confirmed', 'declined', 'cancelled'],
      approved: ['confirmed', 'declined', 'cancelled'],
      confirmed: ['cancelled', 'no-show'],
    };
    for (const [from, next] of Object.entries(follow)) {
      for (const to of statuses) {
        const { id } = await office.scheduled(therapist, client, { status: from });
        const answer = verdict(await change(id, { status: to }));
        const good = to === from || next.includes(to);
        assert.equal(answer, good ? '200' : '409 status_refused', `${from} to ${to}`);
      }
    }
    for (const status of statuses.filter((each) => !follow[each])) {
      const body = {
        clients: [client.id],
        therapist: therapist.id,
        start: '2031-01-01T00:00:00Z',
        status,
      };
      const answer = await office.send('POST', '/api/sessions', office.admin, { body });
      assert.equal(verdict(answer), '409 status_refused', status);
    }
  });

  test('have people who can take part', async () => {
    const gone = await office.server.person('client');
    await office.server.cli('user', 'disable', '--id', gone.id);
    const body = { clients: [client.id], therapist: therapist.id, start: '2031-01-31T09:00:00Z' };
    for (const wrong of [
      { clients: ['nobody-of-ours'] },
      { clients: [gone.id] },
      { clients: [office.admin.id] },
      { therapist: client.id, clients: [gone.id] },
    ]) {
      const answer = await office.send('POST', '/api/sessions', office.admin, {
        body: { ...body, ...wrong },
      });
      isProblem(answer, 409, 'Participant cannot take part', 'participant_unfit');
    }
    const { id } = await office.scheduled(therapist, client);
    assert.equal(verdict(await change(id, { clients: [gone.id] })), '409 participant_unfit');
    await office.server.cli('user', 'disable', '--id', (await office.server.person('client')).id);
  });
});

describe('sessions of an application', () => {
  let therapist;
  let client;
  before(async () => {
    ({ therapist, client } = await office.server.scene());
  });

  test('are found again by an outside id, in bulk: all rows or none', async () => {
    const app = await office.application('sessions:write');
    const put = (sessions) => office.send('PUT', '/api/sessions', app, { body: { sessions } });
    const row = (outsideId, more = {}) => ({
      outsideId,
      clients: [client.id],
      therapist: therapist.id,
      start: '2031-01-31T09:00:00Z',
      ...more,
    });
    const [a, b] = [office.fresh('out'), office.fresh('out')];
    const first = (await put([row(a), row(b, { minutes: 30 })])).body;
    assert.deepEqual([first.added, first.changed, first.unchanged], [2, 0, 0]);
    const second = (await put([row(a), { outsideId: b, minutes: 40 }])).body;
    assert.deepEqual([second.added, second.changed, second.unchanged], [0, 1, 1]);
    const of = (done, outsideId) => done.sessions.find((each) => each.outsideId === outsideId);
    for (const each of [a, b]) assert.deepEqual(of(second, each), of(first, each));
    const refused = await put([
      row(a, { minutes: 55 }),
      { outsideId: office.fresh('out'), minutes: 40 },
      row(office.fresh('out'), { minutes: 4 }),
      row(office.fresh('out'), { clients: ['nobody-of-ours'] }),
      row(b, { status: 'completed' }),
      row(office.fresh('out'), { status: 'completed' }),
      row(a),
    ]);
    isProblem(refused, 409, 'Rows were refused, nothing was done', 'rows_refused');
    assert.deepEqual(
      refused.body.rows.map((each) => [each.row, each.code]),
      [
        [1, 'invalid'],
        [2, 'invalid'],
        [3, 'participant_unfit'],
        [4, 'status_refused'],
        [5, 'status_refused'],
        [6, 'invalid'],
      ],
    );
    const { sessionId } = of(first, a);
    assert.equal(
      (await office.send('GET', `/api/sessions/${sessionId}`, office.admin)).body.session.minutes,
      50,
    );
    const taken = await office.send('POST', '/api/sessions', app, { body: row(a) });
    isProblem(taken, 409, 'Session exists already', 'session_exists');
  });
});

describe('requests that come twice', () => {
  const post = (path, by, idempotencyKey, body) =>
    office.send('POST', path, by, { headers: { 'Idempotency-Key': idempotencyKey }, body });

  test('are done once and answered the same', async () => {
    const { therapist, client } = await office.server.scene();
    const app = await office.application('sessions:write', 'users:write');
    const body = { clients: [client.id], therapist: therapist.id, start: '2031-05-05T05:00:00Z' };
    const once = office.fresh('order');
    const first = await post('/api/sessions', app, once, body);
    assert.equal(first.status, 201);
    const second = await post('/api/sessions', app, once, body);
    assert.deepEqual([second.status, second.body], [201, first.body]);
    const other = await post('/api/sessions', app, once, { ...body, minutes: 30 });
    isProblem(other, 409, 'Idempotency key has been used', 'key_reused');
    const elsewhere = await post('/api/users', app, once, body);
    isProblem(elsewhere, 409, 'Idempotency key has been used', 'key_reused');
    const own = await post('/api/sessions', office.admin, once, body);
    assert.notEqual(own.body.session.id, first.body.session.id, 'keys are those of who asks');
    const person = { id: office.fresh('twice'), name: 'Twice', role: 'client' };
    const made = await post('/api/users', app, office.fresh('order'), person);
    assert.equal(made.status, 201);
    assert.equal(
      verdict(await post('/api/users', app, office.fresh('order'), person)),
      '409 user_exists',
    );
  });

  test('twenty at once: one of them, and all hear of that one', async () => {
    const { therapist, client } = await office.server.scene();
    const body = { clients: [client.id], therapist: therapist.id, start: '2031-05-06T05:00:00Z' };
    const once = office.fresh('order');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post('/api/sessions', office.admin, once, body)),
    );
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
    assert.equal(new Set(answers.map(({ body: { session } }) => session.id)).size, 1);
  });

  test('a refusal is not kept: what it wanted may come to be', async () => {
    const { therapist } = await office.server.scene();
    const id = office.fresh('late');
    const body = { clients: [id], therapist: therapist.id, start: '2031-05-07T05:00:00Z' };
    const once = office.fresh('order');
    assert.equal(
      verdict(await post('/api/sessions', office.admin, once, body)),
      '409 participant_unfit',
    );
    await post('/api/users', office.admin, office.fresh('order'), {
      id,
      name: 'Late',
      role: 'client',
    });
    assert.equal((await post('/api/sessions', office.admin, once, body)).status, 201);
  });

  test('keys that are none, and where an answer has a secret', async () => {
    const body = { id: office.fresh('keyed'), name: 'Keyed', role: 'client' };
    for (const bad of ['', 'a b', 'é', 'x'.repeat(129)]) {
      assert.equal(verdict(await post('/api/users', office.admin, bad, body)), '400 invalid', bad);
    }
    assert.equal((await post('/api/users', office.admin, 'x'.repeat(128), body)).status, 201);
    const secret = await post('/api/keys', office.admin, office.fresh('order'), {
      name: 'N',
      scopes: ['users:read'],
    });
    assert.equal(verdict(secret), '400 invalid');
  });
});

test('no id, name or key of theirs stands in the log', () => {
  for (const text of ['anna+1', 'Anna', 'sk_', 'somebody-', 'an application']) {
    assert.ok(!office.server.log.includes(text), text);
  }
});
