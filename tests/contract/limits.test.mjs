// SPDX-License-Identifier: Apache-2.0
// The rate limit at the door (contract §4), each server with small numbers of its own.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Client, seat } from './lib/client.mjs';
import { Flood } from './lib/flood.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { pause, until, within } from './lib/waiting.mjs';

const kBad = { auth: { token: 'not.a.token' } };
const kFloodPerSecond = 40;
/** Of a source with one attempt: a hundred handshakes, and what is let in after that. */
const kSocketsMax = 100 + 1_800;
const limited = (attempts, proofs, window = '1m') => ({
  STILLROOM_LIMITS_CONNECT_ATTEMPTS: String(attempts),
  STILLROOM_LIMITS_PROOF_ATTEMPTS: String(proofs),
  STILLROOM_LIMITS_CONNECT_WINDOW: window,
});

async function withServer(settings, body) {
  const server = await Stillroom.start(settings);
  try {
    await body(server);
  } finally {
    await server.stop();
  }
}

const refusal = (server, options) => new Client(server.url, options).refused();

test('bad tokens are looked at so often, then no token is, and the wait is told', () =>
  withServer(limited(10, 3), async (server) => {
    // The first is paid for; its source then has a pause, in which the proofs are used up.
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const { message, data } = await refusal(server, kBad);
      assert.equal(message, 'Authentication failed');
      assert.deepEqual(data, { code: 'token_invalid' });
    }
    const { message, data } = await refusal(server, kBad);
    assert.equal(message, 'Rate limit exceeded');
    assert.equal(data.code, 'rate_limited');
    assert.ok(data.retryAfterMs > 0 && data.retryAfterMs <= 20_000, `${data.retryAfterMs} ms`);
  }));

test('who comes when told comes in', () =>
  withServer(limited(10, 3, '6s'), async (server) => {
    const scene = await server.scene();
    let told;
    for (let attempt = 0; attempt < 6 && !told; attempt += 1) {
      const { data } = await refusal(server, kBad);
      told = data.retryAfterMs;
    }
    assert.ok(told > 0);
    await pause(told);
    const client = await new Client(server.url, { auth: { token: scene.client.token } }).connect();
    client.close();
  }));

test('a good token costs its source nothing, and its user one of their own', () =>
  withServer(limited(4, 0), async (server) => {
    const one = await server.scene({ fresh: true });
    const other = await server.scene({ fresh: true });
    for (let attempt = 0; attempt < 4; attempt += 1) {
      (await new Client(server.url, { auth: { token: one.client.token } }).connect()).close();
    }
    const { message, data } = await refusal(server, { auth: { token: one.client.token } });
    assert.equal(message, 'Rate limit exceeded');
    assert.ok(data.retryAfterMs > 13_000 && data.retryAfterMs <= 15_000, `${data.retryAfterMs}`);
    (await new Client(server.url, { auth: { token: other.client.token } }).connect()).close();
  }));

test('a handshake that ends without a CONNECT is an attempt', () =>
  withServer(limited(2, 0), async (server) => {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const path = `${server.url}/socket.io/?EIO=4&transport=polling`;
      const { sid } = JSON.parse((await (await fetch(path)).text()).slice(1));
      const closed = await fetch(`${path}&sid=${sid}`, { method: 'POST', body: '1' });
      assert.equal(closed.status, 200);
    }
    const { message } = await refusal(server, kBad);
    assert.equal(message, 'Rate limit exceeded');
  }));

test('ten times over it the handshake is answered 429 with the seconds to wait', () =>
  withServer(limited(1, 1), async (server) => {
    for (let attempt = 0; attempt < 10; attempt += 1) await refusal(server, kBad);
    const answer = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`);
    assert.equal(answer.status, 429);
    assert.deepEqual(await answer.json(), { code: 7, message: 'Rate limit exceeded' });
    const seconds = Number(answer.headers.get('retry-after'));
    assert.ok(Number.isInteger(seconds) && seconds > 0 && seconds <= 60, `${seconds} s`);
    assert.equal((await fetch(`${server.url}/livez`)).status, 200, 'other paths are open');
    assert.match(server.log, /"event":"request_refused","reason":"rate_limited"/);
    assert.match(server.log, /"event":"connect_refused","reason":"rate_limited"/);
  }));

test('a hundred times over it the socket is closed at accept', () =>
  withServer(limited(1, 1, '1h'), async (server) => {
    const flood = new Flood(server.port, 1_000);
    await until('a socket that is cut', () => flood.counts.closed >= 30, 20_000);
    flood.stop();
    const { made, closed } = flood.counts;
    assert.ok(made - closed >= kSocketsMax, `${made - closed} were let in`);
    const socket = connect(server.port, '127.0.0.1');
    const ended = new Promise((resolve) => {
      socket.on('close', resolve);
      socket.on('error', () => {});
    });
    await within(2_000, 'the end of a socket that was closed at accept', ended);
  }));

test('those who are in hear nothing of a flood beside them', () =>
  withServer(limited(10, 5), async (server) => {
    const scene = await server.scene();
    const client = await seat(server.url, scene.client, scene);
    const flood = async () => {
      for (let attempt = 0; attempt < 40; attempt += 1) await refusal(server, kBad);
    };
    await Promise.all([flood(), flood(), flood()]);
    assert.equal((await client.ask('ice-servers', { roomId: scene.roomId })).ok, true);
    assert.equal(client.disconnected, undefined);
    client.close();
  }));

test('thirty people behind one address return by themselves after a restart', () =>
  withServer(limited(10, 120), async (server) => {
    const people = [];
    for (let one = 0; one < 15; one += 1) {
      const scene = await server.scene({ fresh: true });
      for (const person of [scene.client, scene.therapist]) {
        people.push(await seat(server.url, person, scene, { reconnection: true }));
      }
    }
    const back = people.map(({ socket }) => once(socket, 'connect'));
    await server.kill();
    await server.run();
    await within(60_000, 'thirty people to be back', Promise.all(back));
    for (const person of people) person.close();
  }));

test('thirty people return within a minute though a flood comes from their own address', () =>
  withServer(limited(10, 120), async (server) => {
    const people = [];
    for (let one = 0; one < 15; one += 1) {
      const scene = await server.scene({ fresh: true });
      for (const person of [scene.client, scene.therapist]) {
        people.push(await seat(server.url, person, scene, { reconnection: true }));
      }
    }
    const flood = { on: true, lookedAt: 0, refused: 0 };
    const forge = async () => {
      const told = new Client(server.url, { ...kBad, transports: ['websocket'] });
      const error = await told.refused().catch((late) => late);
      if (error.message === 'Authentication failed') flood.lookedAt += 1;
      else flood.refused += 1;
    };
    const flooding = (async () => {
      while (flood.on) {
        forge().catch(() => {});
        await pause(1000 / kFloodPerSecond);
      }
    })();
    // The stock client leaves a refused CONNECT alone; who follows the contract waits as told.
    for (const { socket } of people) {
      socket.on('connect_error', ({ data }) => {
        if (data?.code !== 'rate_limited') return;
        setTimeout(() => socket.connect(), data.retryAfterMs * (1 + Math.random()));
      });
    }
    const back = people.map(({ socket }) => once(socket, 'connect'));
    await server.kill();
    await server.run();
    await within(60_000, 'thirty people to be back', Promise.all(back));
    flood.on = false;
    await flooding;
    assert.ok(flood.lookedAt <= 10 + 120 + 120, `${flood.lookedAt} tokens of the flood`);
    assert.ok(flood.refused > 0, 'the flood was over its limit');
    for (const person of people) person.close();
  }));
