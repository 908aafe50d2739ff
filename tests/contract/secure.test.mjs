// SPDX-License-Identifier: Apache-2.0
// TLS: what the stock client gets over it, and that nothing is served without it.
import assert from 'node:assert/strict';
import { get } from 'node:https';
import { after, before, describe, test } from 'node:test';
import { closeAll, seat } from './lib/client.mjs';
import { ask, Wire } from './lib/raw.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { within } from './lib/waiting.mjs';

const kAnswerMsMax = 10_000;
const kUpgrade =
  'Connection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13';

describe('a server with a certificate of its own', () => {
  // Nobody has signed it: clients are told not to ask who did.
  const kSelfMade = { rejectUnauthorized: false };
  let server;
  before(async () => {
    server = await Stillroom.start({}, ['--lan']);
  });
  after(async () => {
    closeAll();
    assert.equal(await server?.stop(), 0);
  });

  function fetched(path, headers = {}) {
    const answer = new Promise((resolve, reject) => {
      get(`${server.url}${path}`, { ...kSelfMade, headers }, async (response) => {
        let body = '';
        for await (const piece of response) body += piece;
        resolve({ status: response.statusCode, headers: response.headers, body });
      }).on('error', reject);
    });
    return within(kAnswerMsMax, path, answer);
  }

  const modes = {
    'its defaults': {},
    'websocket only': { transports: ['websocket'] },
    'polling only': { transports: ['polling'] },
    'websocket before polling': { transports: ['websocket', 'polling'] },
    'the options of existing applications': {
      transports: ['websocket', 'polling'],
      secure: true,
    },
  };
  for (const [name, options] of Object.entries(modes)) {
    test(`the stock client with ${name} joins, and is told that the connection is secure`, async () => {
      assert.match(server.url, /^https:/);
      const scene = await server.scene();
      const client = await seat(server.url, scene.client, scene, { ...options, ...kSelfMade });
      assert.equal(client.joinAck.secureConnection, true);
      client.close();
    });
  }

  test('a client that asks who signed the certificate does not connect', async () => {
    const scene = await server.scene();
    await assert.rejects(seat(server.url, scene.client, scene), /xhr poll error/);
  });

  test('the page', async () => {
    const { status, headers, body } = await fetched('/');
    assert.equal(status, 200);
    assert.match(headers['content-type'], /^text\/html/);
    assert.match(body, /<title>Stillroom<\/title>/);
    // RFC 6797: two years, and never without TLS (static.test.mjs has the other fields).
    const lasting = 'max-age=63072000; includeSubDomains; preload';
    assert.equal(headers['strict-transport-security'], lasting);
  });

  test('REST', async () => {
    const { client } = await server.scene();
    const bearer = { Authorization: `Bearer ${client.token}` };
    const { status, body } = await fetched('/api/video-calls/config', bearer);
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(body).policy, { iceTransportPolicy: 'all' });
  });

  for (const [what, path] of [
    ['a page', '/'],
    ['a health check', '/livez'],
    ['a handshake', '/socket.io/?EIO=4&transport=polling'],
  ]) {
    test(`plain HTTP for ${what}: the connection ends without an answer`, async () => {
      const wire = await Wire.open(server.port);
      wire.send(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
      await wire.end();
      assert.ok(!wire.bytes.includes('HTTP/'), wire.bytes.toString('latin1'));
    });
  }
});

describe('what makes a server strict', () => {
  for (const environment of ['production', 'development', undefined]) {
    test(`without --dev it is, with NODE_ENV=${environment}`, async () => {
      const settings = environment ? { NODE_ENV: environment } : {};
      const server = await Stillroom.startStrict(settings);
      try {
        for (const path of ['/', '/socket.io/?EIO=4&transport=polling']) {
          assert.equal((await ask(server.port, `GET ${path} HTTP/1.1`)).status, 426, path);
        }
      } finally {
        assert.equal(await server.stop(), 0);
      }
    });
  }
});

describe('a strict server without TLS', () => {
  let server;
  let person;
  before(async () => {
    server = await Stillroom.startStrict();
    person = (await server.scene()).client;
  });
  after(async () => {
    assert.equal(await server?.stop(), 0);
  });

  const bearer = () => `Authorization: Bearer ${person.token}`;
  /** name -> [request line, header fields] */
  const requests = {
    'the page': ['GET /'],
    'the page as a browser asks for it': ['GET /', () => 'Sec-Fetch-Site: none'],
    'a file that is none': ['GET /nothing'],
    'a polling handshake': ['GET /socket.io/?EIO=4&transport=polling'],
    'a websocket upgrade': ['GET /socket.io/?EIO=4&transport=websocket', () => kUpgrade],
    'a POST to a link': ['POST /socket.io/?EIO=4&transport=polling&sid=x'],
    'a preflight': ['OPTIONS /api/video-calls/config'],
    'REST with a good token': ['GET /api/video-calls/config', bearer],
    'REST without one': ['GET /api/video-calls/config'],
    'a one-time link': ['POST /api/links/exchange'],
    'a stranger who says that he is a proxy': ['GET /', () => 'X-Forwarded-Proto: https'],
    'a stranger who says it in the words of RFC 7239': ['GET /', () => 'Forwarded: proto=https'],
  };
  for (const [name, [line, fields]] of Object.entries(requests)) {
    test(`${name}: 426 Secure connection required`, async () => {
      const head = `${line} HTTP/1.1${fields ? `\r\n${fields()}` : ''}`;
      const answer = await ask(server.port, head);
      assert.equal(answer.status, 426);
      assert.equal(answer.headers['strict-transport-security'], undefined);
      // RFC 9110 section 15.5.22: which protocol it takes.
      assert.match(answer.headers.upgrade, /^TLS\//);
      const said = JSON.parse(answer.body);
      if (line.includes(' /api/')) {
        assert.equal(answer.headers['content-type'], 'application/problem+json');
        assert.equal(said.error, 'Secure connection required');
        assert.equal(said.code, 'insecure');
      } else {
        assert.equal(answer.headers['content-type'], 'application/json');
        assert.deepEqual(said, { code: 6, message: 'Secure connection required' });
      }
    });
  }

  for (const [path, status] of [
    ['/livez', 'live'],
    ['/readyz', 'ready'],
  ]) {
    test(`${path} answers all the same`, async () => {
      const answer = await ask(server.port, `GET ${path} HTTP/1.1`);
      assert.equal(answer.status, 200);
      assert.deepEqual(JSON.parse(answer.body), { status });
    });
  }

  test('it has said at its start that it will serve nothing', () => {
    assert.match(server.log, /every request will be refused as insecure \(426\)/);
  });
});
