// SPDX-License-Identifier: Apache-2.0
// What a change over REST does to those who are there, within the second of contract §3.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { closeAll, pair } from './lib/client.mjs';
import { Office } from './lib/office.mjs';

/** Contract §3. */
const kEndsWithinMs = 1_000;

let office;
before(async () => {
  office = await Office.open();
});
after(async () => {
  closeAll();
  assert.equal(await office?.server.stop(), 0);
});

describe('what a change does to those who are there', () => {
  async function ends(client, reason, since) {
    assert.equal((await client.expect('access:revoked')).reason, reason);
    assert.equal(await client.dropped(), 'io server disconnect');
    assert.ok(Date.now() - since < kEndsWithinMs, `${Date.now() - since} ms`);
  }
  const acts = {
    'disabled: out': [
      'user_inactive',
      (id, app) => office.send('PATCH', `/api/users/${id}`, app, { body: { status: 'inactive' } }),
    ],
    'deleted: out': [
      'user_unknown',
      (id, app) => office.send('PATCH', `/api/users/${id}`, app, { body: { status: 'deleted' } }),
    ],
    'another role: out': [
      'role_changed',
      (id, app) => office.send('PATCH', `/api/users/${id}`, app, { body: { role: 'observer' } }),
    ],
    'disabled in bulk: out': [
      'user_inactive',
      (id, app) =>
        office.send('PUT', '/api/users', app, { body: { users: [{ id, status: 'inactive' }] } }),
    ],
  };
  for (const [what, [reason, act]] of Object.entries(acts)) {
    test(what, async () => {
      const scene = await office.server.scene({ fresh: true });
      const { therapist, client } = await pair(office.server, scene);
      const since = Date.now();
      assert.equal(
        (await act(scene.client.id, await office.application('users:write'))).status,
        200,
      );
      await ends(client, reason, since);
      assert.equal((await therapist.expect('user-left')).userId, scene.client.id);
      therapist.close();
    });
  }

  test('another name: they stay', async () => {
    const scene = await office.server.scene({ fresh: true });
    const { therapist, client } = await pair(office.server, scene);
    await office.send('PATCH', `/api/users/${scene.client.id}`, office.admin, {
      body: { name: 'New' },
    });
    await client.quiet();
    therapist.close();
    client.close();
  });

  const cancels = {
    'cancelled by DELETE': (id) => office.send('DELETE', `/api/sessions/${id}`, office.admin),
    'cancelled by PATCH': (id) =>
      office.send('PATCH', `/api/sessions/${id}`, office.admin, { body: { status: 'cancelled' } }),
  };
  for (const [what, act] of Object.entries(cancels)) {
    test(`${what}: the call is over`, async () => {
      const scene = await office.server.scene({ fresh: true });
      const { therapist, client } = await pair(office.server, scene);
      const since = Date.now();
      assert.equal((await act(scene.sessionId)).status, 200);
      await ends(client, 'cancelled', since);
      await ends(therapist, 'cancelled', since);
    });
  }

  test('taken out of the session: out, and the other stays', async () => {
    const scene = await office.server.scene({ fresh: true });
    const { therapist, client } = await pair(office.server, scene);
    const other = await office.server.person('client');
    const path = `/api/sessions/${scene.sessionId}`;
    const since = Date.now();
    assert.equal(
      (await office.send('PATCH', path, office.admin, { body: { clients: [other.id] } })).status,
      200,
    );
    await ends(client, 'not_yours', since);
    assert.equal((await therapist.expect('user-left')).userId, scene.client.id);
    assert.equal(therapist.disconnected, undefined);
    therapist.close();
  });
});
