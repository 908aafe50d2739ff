// SPDX-License-Identifier: Apache-2.0
// What lets people back in beside a flood from their own address (contract §4).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { Client, closeAll, pair, seat } from './lib/client.mjs';
import { Flood } from './lib/flood.mjs';
import { RawPolling } from './lib/raw.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { until, within } from './lib/waiting.mjs';

const kFloodPerSecond = 400;
const kReturnMsMax = 60_000;

after(closeAll);

async function withServer(attempts, proofs, window, body) {
  const server = await Stillroom.start({
    STILLROOM_LIMITS_CONNECT_ATTEMPTS: String(attempts),
    STILLROOM_LIMITS_PROOF_ATTEMPTS: String(proofs),
    STILLROOM_LIMITS_CONNECT_WINDOW: window,
  });
  try {
    await body(server);
  } finally {
    await server.stop();
  }
}

const showing = (returnPass, person, transports = ['websocket']) => ({
  auth: { token: person.token },
  query: { returnPass },
  transports,
});

/** What a connection of this person is given for the next one. */
async function passOf(server, person) {
  const client = await new Client(server.url, { auth: { token: person.token } }).connect();
  client.close();
  return client.hello.returnPass;
}

/** Handshakes that end without a CONNECT: their source has nothing left for some time. */
async function useUp(server, times) {
  for (let attempt = 0; attempt < times; attempt += 1) {
    await (await RawPolling.open(server.port)).post('1');
  }
}

test('hello has a pass, which is short, says nothing, and is shown to nobody else', () =>
  withServer(10, 120, '1m', async (server) => {
    const scene = await server.scene();
    const { therapist, client } = await pair(server, scene);
    const { returnPass } = client.hello;
    assert.match(returnPass, /^[\w-]{43}$/);
    const decoded = Buffer.from(returnPass, 'base64url').toString('latin1');
    assert.ok(!decoded.includes(scene.client.id));
    assert.notEqual(returnPass, therapist.hello.returnPass);
    const again = showing(returnPass, scene.client, ['polling', 'websocket']);
    const next = await new Client(server.url, again).connect();
    assert.equal(next.hello.returnPass, returnPass, 'the same all day');
    for (const one of [therapist, client, next]) one.close();
    assert.ok(!server.log.includes(returnPass), 'it is in no log');
    assert.ok(!server.log.includes(Buffer.from(returnPass, 'base64url').toString('hex')));
  }));

for (const transports of [['websocket'], ['polling']]) {
  test(`it opens a closed door to its holder, and to nobody else (${transports})`, () =>
    withServer(4, 0, '10m', async (server) => {
      const scene = await server.scene();
      const [own, others] = [
        await passOf(server, scene.client),
        await passOf(server, scene.therapist),
      ];
      await useUp(server, 4);
      const refusal = (returnPass) =>
        new Client(server.url, showing(returnPass, scene.client, transports)).refused();
      const forged = `${own.slice(0, -2)}${own.endsWith('AA') ? 'BA' : 'AA'}`;
      const without = await new Client(server.url, {
        auth: { token: scene.client.token },
        transports,
      }).refused();
      for (const returnPass of [forged, others, 'x', '', own.slice(1), `${own}A`]) {
        const { message, data } = await refusal(returnPass);
        assert.equal(message, 'Rate limit exceeded', returnPass);
        assert.deepEqual(Object.keys(data), Object.keys(without.data));
        assert.equal(data.code, 'rate_limited');
      }
      const client = await new Client(server.url, showing(own, scene.client, transports)).connect();
      client.close();
    }));
}

test('a pass opens nothing by itself, and a bad token stays one beside it', () =>
  withServer(4, 0, '10m', async (server) => {
    const scene = await server.scene();
    const own = await passOf(server, scene.client);
    await useUp(server, 4);
    const nothing = await new Client(server.url, { query: { returnPass: own } }).refused();
    assert.equal(nothing.data.code, 'token_missing');
    const bad = await new Client(server.url, showing(own, { token: 'not.a.token' })).refused();
    assert.equal(bad.data.code, 'token_invalid');
    const asToken = await new Client(server.url, showing(own, { token: own })).refused();
    assert.equal(asToken.data.code, 'token_invalid');
    const headers = { authorization: `Bearer ${own}` };
    const rest = await fetch(`${server.url}/api/video-calls/config`, { headers });
    assert.equal(rest.status, 401);
  }));

test('whoever floods with a pass uses up that pass only', () =>
  withServer(4, 0, '10m', async (server) => {
    const scene = await server.scene();
    const [stolen, own] = [
      await passOf(server, scene.client),
      await passOf(server, scene.therapist),
    ];
    await useUp(server, 4);
    const flood = new Flood(server.port, 50, { query: `&returnPass=${stolen}` });
    await until('the end of that pass', () => flood.counts.tooMany > 5);
    flood.stop();
    assert.equal(flood.counts.lookedAt, 4, 'bad tokens of the flood that were looked at');
    const without = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`);
    assert.equal(without.status, 429);
    const late = new Client(server.url, showing(stolen, scene.client));
    await assert.rejects(late.connect());
    late.close();
    (await new Client(server.url, showing(own, scene.therapist)).connect()).close();
  }));

test('ten times over the limit the handshake is open to a pass', () =>
  withServer(1, 0, '10m', async (server) => {
    const scene = await server.scene();
    const own = await passOf(server, scene.client);
    const path = `${server.url}/socket.io/?EIO=4&transport=polling`;
    await useUp(server, 10);
    assert.equal((await fetch(path)).status, 429);
    assert.equal((await fetch(`${path}&returnPass=${own.slice(0, -2)}AA`)).status, 429);
    const opened = await fetch(`${path}&returnPass=${own}`);
    assert.equal(opened.status, 200, 'one look, which is good for the CONNECT behind it');
    const { sid } = JSON.parse((await opened.text()).slice(1));
    const link = `${path}&sid=${sid}`;
    const answerTo = async ({ token }) => {
      const body = `40${JSON.stringify({ token })}`;
      await (await fetch(link, { method: 'POST', body })).arrayBuffer();
      return (await fetch(link)).text();
    };
    assert.match(await answerTo(scene.therapist), /^44.*rate_limited/, "another's token");
    assert.match(await answerTo(scene.client), /^44.*rate_limited/, 'that was its CONNECT');
    assert.equal((await fetch(`${path}&returnPass=${own}`)).status, 429, 'nothing is left');
  }));

/** Keeps the pass of each hello for the next handshake, as the SDK does, and comes when told. */
function returning(person, keepsPass) {
  const { socket, hello } = person;
  if (keepsPass) socket.io.opts.query = { returnPass: hello.returnPass };
  socket.on('connect_error', ({ data }) => {
    if (data?.code !== 'rate_limited') return;
    const again = () => person.gone || socket.connect();
    setTimeout(again, data.retryAfterMs * (1 + Math.random()));
  });
}

test('thirty people return beside hundreds of attempts a second, with a pass and not without', () =>
  withServer(10, 120, '1m', async (server) => {
    const people = [];
    for (let one = 0; one < 20; one += 1) {
      const scene = await server.scene({ fresh: true });
      for (const person of [scene.client, scene.therapist]) {
        people.push(await seat(server.url, person, scene, { reconnection: true }));
      }
    }
    const [holders, others] = [people.slice(0, 30), people.slice(30)];
    for (const person of people) returning(person, holders.includes(person));
    const back = () => {
      const all = Promise.all(holders.map(({ socket }) => once(socket, 'connect')));
      return within(kReturnMsMax, 'thirty people to be back', all);
    };
    const backAgain = back();
    await server.kill();
    await server.run();
    const flood = new Flood(server.port, kFloodPerSecond);
    try {
      await backAgain;
      await until('the flood to be far over', () => flood.counts.tooMany > 1_500, kReturnMsMax);
      const twice = back();
      for (const person of holders) person.vanish();
      await twice;
      const { lookedAt } = flood.counts;
      assert.ok(lookedAt <= 10 + 120 + 3 * 120, `${lookedAt} tokens of the flood`);
      const lucky = others.filter(({ socket }) => socket.connected).length;
      assert.ok(lucky <= others.length / 2, `${lucky} without a pass are in`);
    } finally {
      flood.stop();
      for (const person of people) {
        person.gone = true;
        person.close();
      }
    }
  }));
