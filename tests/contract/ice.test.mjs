// SPDX-License-Identifier: Apache-2.0
// TURN credentials as people get them: who they are for, how long, and that the TURN server's
// secret proves them.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { closeAll, seat } from './lib/client.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { pause, within } from './lib/waiting.mjs';

const kStun = 'stun:turn.example.org:3478';
const kTurn = ['turn:turn.example.org:3478?transport=udp', 'turns:turn.example.org:5349'];
const kSecret = 'a secret that the TURN server shares';
const kLifeSeconds = 300;
const kNewSecondMsMax = 5_000;

async function config(server, { token }) {
  const answer = await fetch(new URL('/api/video-calls/config', server.url), {
    headers: { Authorization: `Bearer ${token}` },
  });
  assert.equal(answer.status, 200);
  return answer.json();
}

const ask = (client, { roomId }) => client.ask('ice-servers', { roomId });

describe('with a secret that is shared with the TURN server', () => {
  let server;
  before(async () => {
    server = await Stillroom.start({
      TURN_URLS: [kStun, ...kTurn].join(','),
      TURN_SECRET: kSecret,
    });
  });
  after(async () => {
    closeAll();
    assert.equal(await server?.stop(), 0);
  });

  /** `{expiry, name}` of what was handed out, if it is right in itself. */
  function checked({ iceServers }) {
    const [stun, turn, ...others] = iceServers;
    assert.deepEqual(others, []);
    assert.deepEqual(stun, { urls: [kStun] });
    const { urls, username, credential, ...more } = turn;
    assert.deepEqual(more, {});
    assert.deepEqual(urls, kTurn);
    assert.equal(credential, createHmac('sha1', kSecret).update(username).digest('base64'));
    const [, expiry, name] = /^(\d{10}):([\w-]{20})$/.exec(username) ?? [];
    const life = Number(expiry) - Date.now() / 1000;
    assert.ok(life > kLifeSeconds - 10 && life <= kLifeSeconds, `${username} lives ${life} s`);
    return { username, expiry, name };
  }

  /** The three ways to them. */
  const ways = {
    'join-success': async (scene, person) => {
      const client = await seat(server.url, person, scene);
      client.close();
      return client.joinAck;
    },
    'the ack of ice-servers': async (scene, person) => {
      const client = await seat(server.url, person, scene);
      const { ok, ...said } = await ask(client, scene);
      assert.equal(ok, true);
      client.close();
      return said;
    },
    'REST config': (_, person) => config(server, person),
  };
  for (const [way, get] of Object.entries(ways)) {
    test(`${way}: an expiry and a name that says nothing, under the secret`, async () => {
      const scene = await server.scene({ fresh: true });
      const said = await get(scene, scene.client);
      const { name } = checked(said);
      assert.deepEqual(said.policy, { iceTransportPolicy: 'all' });
      const text = JSON.stringify(said.iceServers);
      const ids = [scene.client.id, scene.client.name, scene.sessionId, scene.roomId];
      for (const word of [...ids, kSecret]) assert.ok(!text.includes(word), `${text}: ${word}`);
      for (const id of ids) {
        assert.notEqual(name, Buffer.from(id).toString('base64url').slice(0, name.length));
      }
    });
  }

  test('each seat of a room has its own', async () => {
    const scene = await server.scene();
    const client = await seat(server.url, scene.client, scene);
    const therapist = await seat(server.url, scene.therapist, scene);
    assert.notEqual(checked(client.joinAck).name, checked(therapist.joinAck).name);
    assert.notEqual(
      checked(await ask(client, scene)).name,
      checked(await ask(therapist, scene)).name,
    );
    assert.notEqual(
      checked(await config(server, scene.client)).name,
      checked(await config(server, scene.therapist)).name,
    );
    client.close();
    therapist.close();
  });

  // The TURN server counts its quota by the name, so that stays one person's; the rest is new.
  test('a later request gets later ones, on the same name', async () => {
    const scene = await server.scene();
    const client = await seat(server.url, scene.client, scene);
    const first = checked(client.joinAck);
    for (const again of [() => ask(client, scene), () => config(server, scene.client)]) {
      const later = await within(
        kNewSecondMsMax,
        'another second',
        (async () => {
          for (;;) {
            const got = checked(await again());
            if (got.username !== first.username) return got;
            await pause(100);
          }
        })(),
      );
      assert.ok(later.expiry > first.expiry);
      assert.equal(later.name, first.name);
    }
    client.close();
  });

  test('whoever sits in no room gets none by the socket', async () => {
    const scene = await server.scene();
    const client = await seat(server.url, scene.client, scene);
    await client.ask('leave-room', { roomId: scene.roomId });
    const { code, ...refused } = await ask(client, scene);
    assert.match(code, /^[a-z_]+$/);
    assert.deepEqual(refused, { ok: false, error: 'Invalid signaling attempt' });
    client.close();
  });

  test('nothing of them stands in the log', async () => {
    const scene = await server.scene();
    const client = await seat(server.url, scene.client, scene);
    const { username, credential } = client.joinAck.iceServers[1];
    for (const word of [username, username.split(':')[1], credential, kSecret]) {
      assert.ok(!server.log.includes(word), `the log holds ${word}`);
    }
    client.close();
  });
});

test('relay only: the policy says so, and no STUN server would tell an address', async () => {
  const server = await Stillroom.start({
    TURN_URLS: [kStun, ...kTurn].join(','),
    TURN_SECRET: kSecret,
    STILLROOM_TURN_POLICY: 'relay',
  });
  try {
    const scene = await server.scene();
    const client = await seat(server.url, scene.client, scene);
    for (const said of [
      client.joinAck,
      await ask(client, scene),
      await config(server, scene.client),
    ]) {
      assert.deepEqual(said.policy, { iceTransportPolicy: 'relay' });
      assert.deepEqual(
        said.iceServers.map(({ urls }) => urls),
        [kTurn],
      );
    }
    client.close();
  } finally {
    assert.equal(await server.stop(), 0);
  }
});

test('a TURN server without a shared secret: its one user name, for everybody', async () => {
  const server = await Stillroom.start({
    TURN_URLS: kTurn.join(','),
    TURN_USERNAME: 'clinic',
    TURN_CREDENTIAL: 'one password for all',
  });
  try {
    const { client } = await server.scene();
    assert.deepEqual((await config(server, client)).iceServers, [
      { urls: kTurn, username: 'clinic', credential: 'one password for all' },
    ]);
  } finally {
    assert.equal(await server.stop(), 0);
  }
});
