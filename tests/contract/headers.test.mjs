// SPDX-License-Identifier: Apache-2.0
// The header fields of every kind of answer, whole: one that is missing, one too many and another
// value are all seen.
import assert from 'node:assert/strict';
import { get } from 'node:https';
import { after, before, describe, test } from 'node:test';
import { Wire, wholeAnswer } from './lib/raw.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { within } from './lib/waiting.mjs';

const kAnswerMsMax = 10_000;
const kApp = 'https://app.example';
const kForever = 'public, max-age=31536000, immutable';
const kPolling = '/socket.io/?EIO=4&transport=polling';

const kEverywhere = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), ' +
    'screen-wake-lock=(self), geolocation=(), payment=(), usb=()',
};
/** What is no page may do nothing; what does not say otherwise is not kept. */
const kData = {
  ...kEverywhere,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  vary: 'Origin',
};
const kFile = { ...kData, vary: 'Accept-Encoding, Origin' };
const pageOf = (sockets) => ({
  ...kFile,
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
    `media-src 'self' blob:; connect-src 'self'${sockets}; ` +
    "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'; " +
    'report-uri /api/reports; report-to csp',
  'reporting-endpoints': 'csp="/api/reports"',
  'cache-control': 'no-cache',
});
const kCors = {
  'access-control-allow-origin': kApp,
  'access-control-allow-credentials': 'true',
};
const kTextType = { 'content-type': 'text/plain; charset=utf-8' };
const kJsonType = { 'content-type': 'application/json' };
const kProblem = { 'content-type': 'application/problem+json' };

/** Without what says nothing of policy: lengths, names of content, the connection's fate. */
function told({ headers }) {
  const { 'content-length': _, etag: __, connection: ___, ...rest } = headers;
  return rest;
}

function check(answer, status, fields) {
  assert.equal(answer.status, status);
  assert.deepEqual(told(answer), fields);
}

/** The value of `act`, with a server that is there for it alone. */
async function withServer(launching, act) {
  const server = await launching;
  try {
    return await act(server);
  } finally {
    await server.stop();
  }
}

let server;
let person;
let asset;
let page;
before(async () => {
  server = await Stillroom.start({ ALLOWED_ORIGINS: kApp });
  person = (await server.scene()).client;
  asset = /src="(\/assets\/[^"]+\.js)"/.exec((await ask('GET /')).body.toString())[1];
  const { port } = server;
  page = pageOf(` ws://localhost:${port} ws://127.0.0.1:${port}`);
});
after(async () => {
  assert.equal(await server?.stop(), 0);
});

const ask = (line, fields, body) => wholeAnswer(server.port, line, fields, body);
const etagOf = async (path) => ({
  'If-None-Match': (await ask(`GET ${path}`)).headers.etag,
});
const bearer = () => ({ Authorization: `Bearer ${person.token}` });
const html = { 'content-type': 'text/html; charset=utf-8' };
const script = { 'content-type': 'text/javascript; charset=utf-8' };
const evil = () => ({ Origin: 'https://evil.example' });
const app = () => ({ Origin: kApp });

/** name -> [request line, status, its fields, what is sent with it, a body] */
const answers = {
  'the page': ['GET /', 200, () => ({ ...page, ...html })],
  'the page by its name': ['GET /index.html', 200, () => ({ ...page, ...html })],
  'the page to set an account up': ['GET /account', 200, () => ({ ...page, ...html })],
  'the page to log in': ['GET /login', 200, () => ({ ...page, ...html })],
  'the page of somebody logged in': ['GET /home', 200, () => ({ ...page, ...html })],
  'the page to log in, for a foreign origin': [
    'GET /login',
    403,
    () => ({ ...kData, ...kJsonType }),
    evil,
  ],
  'another method at the log-in': [
    'POST /login',
    405,
    () => ({ ...kData, ...kTextType, allow: 'GET, HEAD' }),
  ],
  'the head of the page': ['HEAD /', 200, () => ({ ...page, ...html })],
  'the page that is known': ['GET /', 304, () => page, () => etagOf('/')],
  'the page packed': [
    'GET /',
    200,
    () => ({ ...page, ...html, 'content-encoding': 'br' }),
    () => ({ 'Accept-Encoding': 'br' }),
  ],
  'the page for an origin that is allowed': [
    'GET /',
    200,
    () => ({ ...page, ...html, ...kCors }),
    app,
  ],
  'a script': [
    () => `GET ${asset}`,
    200,
    () => ({ ...kFile, ...script, 'cache-control': kForever }),
  ],
  'a script that is known': [
    () => `GET ${asset}`,
    304,
    () => ({ ...kFile, 'cache-control': kForever }),
    () => etagOf(asset),
  ],
  'an image': [
    'GET /icon.svg',
    200,
    () => ({ ...kFile, 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' }),
  ],
  'a file that is none': ['GET /nothing', 404, () => ({ ...kData, ...kTextType })],
  'another method': ['POST /', 405, () => ({ ...kData, ...kTextType, allow: 'GET, HEAD' })],
  'the page for a foreign origin': ['GET /', 403, () => ({ ...kData, ...kJsonType }), evil],
  REST: ['GET /api/video-calls/config', 200, () => ({ ...kData, ...kJsonType }), bearer],
  'REST for an origin that is allowed': [
    'GET /api/video-calls/config',
    200,
    () => ({ ...kData, ...kJsonType, ...kCors }),
    () => ({ ...bearer(), ...app() }),
  ],
  'REST without a token': [
    'GET /api/video-calls/config',
    401,
    () => ({ ...kData, ...kProblem, 'www-authenticate': 'Bearer' }),
  ],
  'REST that is malformed': [
    'POST /api/links/exchange',
    400,
    () => ({ ...kData, ...kProblem }),
    () => ({}),
    '{',
  ],
  'REST for a foreign origin': [
    'GET /api/video-calls/config',
    403,
    () => ({ ...kData, ...kProblem }),
    evil,
  ],
  'REST that is none': ['GET /api/nothing', 404, () => ({ ...kData, ...kProblem })],
  'REST by another method': ['PUT /api/links/renew', 405, () => ({ ...kData, ...kProblem })],
  'a link that is used up': [
    'POST /api/links/exchange',
    410,
    () => ({ ...kData, ...kProblem }),
    () => ({}),
    JSON.stringify({ code: 'x'.repeat(43) }),
  ],
  'a polling handshake': [
    `GET ${kPolling}`,
    200,
    () => ({ ...kData, 'content-type': 'text/plain; charset=UTF-8' }),
  ],
  'a polling handshake for an origin that is allowed': [
    `GET ${kPolling}`,
    200,
    () => ({ ...kData, 'content-type': 'text/plain; charset=UTF-8', ...kCors }),
    app,
  ],
  'a handshake error': [
    'GET /socket.io/?EIO=4&transport=pigeon',
    400,
    () => ({ ...kData, ...kJsonType }),
  ],
  'a handshake for a foreign origin': [
    `GET ${kPolling}`,
    403,
    () => ({ ...kData, ...kJsonType }),
    evil,
  ],
  'an upgrade to another version': [
    'GET /socket.io/?EIO=4&transport=websocket',
    426,
    () => ({ ...kData, ...kTextType, 'sec-websocket-version': '13' }),
    () => ({ Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '12' }),
  ],
  'a preflight for an origin that is allowed': [
    'OPTIONS /api/video-calls/config',
    204,
    () => ({
      ...kData,
      ...kCors,
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
      'access-control-allow-headers': 'Authorization, Content-Type, Idempotency-Key, X-Auth-Token',
      'access-control-max-age': '600',
    }),
    () => ({ ...app(), 'Access-Control-Request-Method': 'GET' }),
  ],
  'a preflight for a foreign origin': [
    'OPTIONS /api/video-calls/config',
    403,
    () => ({ ...kData, ...kProblem }),
    evil,
  ],
  'what is no HTTP': ['GET /\0', 400, () => ({ ...kData, ...kTextType })],
  'a body too large': [
    `POST ${kPolling}`,
    413,
    () => ({ ...kData, ...kTextType }),
    () => ({ 'Content-Length': 1_000_000 }),
  ],
  'a head too large': [
    'GET /',
    431,
    () => ({ ...kData, ...kTextType }),
    () => ({ 'X-Pad': 'x'.repeat(100_000) }),
  ],
  'a sign of life': ['GET /livez', 200, () => ({ ...kData, ...kJsonType })],
  readiness: ['GET /readyz', 200, () => ({ ...kData, ...kJsonType })],
};
for (const [name, [line, status, fields, sent, body]] of Object.entries(answers)) {
  test(`${name}: ${status}`, async () => {
    const asked = typeof line === 'function' ? line() : line;
    check(await ask(asked, await sent?.(), body), status, fields());
  });
}

test('what a polling link is told, and a packet of its own: 200', async () => {
  const opened = await ask(`GET ${kPolling}`);
  const link = `${kPolling}&sid=${JSON.parse(opened.body.toString().slice(1)).sid}`;
  const token = JSON.stringify({ token: person.token });
  const posted = await ask(`POST ${link}`, { 'Content-Type': 'text/plain' }, `40${token}`);
  check(posted, 200, { ...kData, 'content-type': 'text/html' });
  const polled = await ask(`GET ${link}`);
  check(polled, 200, { ...kData, 'content-type': 'text/plain; charset=UTF-8' });
});

test('101: what the protocol asks for and no more', async () => {
  const wire = await Wire.open(server.port);
  wire.send(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\n' +
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  const { status, headers } = await wire.answer();
  wire.close();
  assert.equal(status, 101);
  assert.deepEqual(headers, {
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  });
});

test('a page names its own sockets, whatever Host says', async () => {
  check(await ask('GET /', { Host: 'evil.example' }), 200, { ...page, ...html });
});

test('an answer says nothing of the request before it on the same connection', async () => {
  const wire = await Wire.open(server.port);
  wire.send(`HEAD / HTTP/1.1\r\nHost: a\r\nOrigin: ${kApp}\r\n\r\n`);
  const end = () => wire.bytes.indexOf('\r\n\r\n');
  await wire.until('a head', () => end() > 0);
  assert.match(wire.bytes.toString(), /Access-Control-Allow-Origin/);
  wire.bytes = Buffer.alloc(0);
  wire.send('GET /\0 HTTP/1.1\r\n\r\n');
  const answer = await wire.answer();
  check(answer, 400, { ...kData, ...kTextType });
  assert.equal(answer.body, 'Bad Request\n');
});

describe('a server of its own kind', () => {
  test('one without TLS: 426 for a page, a handshake, REST', () =>
    withServer(Stillroom.startStrict(), async ({ port }) => {
      const tls = { upgrade: 'TLS/1.3, HTTP/1.1' };
      for (const path of ['/', kPolling]) {
        check(await wholeAnswer(port, `GET ${path}`), 426, { ...kData, ...kJsonType, ...tls });
      }
      const rest = await wholeAnswer(port, 'GET /api/video-calls/config');
      check(rest, 426, { ...kData, ...kProblem, ...tls });
    }));

  test('one for which a source asks too often: 429', () => {
    const few = {
      STILLROOM_LIMITS_CONNECT_ATTEMPTS: '1',
      STILLROOM_LIMITS_PROOF_ATTEMPTS: '0',
    };
    return withServer(Stillroom.start(few), async ({ port }) => {
      let answer;
      for (let asked = 0; asked < 20 && answer?.status !== 429; asked += 1) {
        answer = await wholeAnswer(port, `GET ${kPolling}`);
      }
      const { 'retry-after': wait, ...rest } = told(answer);
      assert.match(wait, /^\d+$/);
      assert.equal(answer.status, 429);
      assert.deepEqual(rest, { ...kData, ...kJsonType });
    });
  });

  test('one whose issuer does not answer: 503 for readiness', () => {
    const silent = { STILLROOM_SECURITY_JWKS_URL: 'https://127.0.0.1:9/keys' };
    return withServer(Stillroom.start(silent), async ({ port }) => {
      check(await wholeAnswer(port, 'GET /readyz'), 503, { ...kData, ...kJsonType });
    });
  });

  test('one that waits no longer for a request: 408', () =>
    withServer(Stillroom.start({ STILLROOM_HTTP_HEADER_TIMEOUT: '1s' }), async ({ port }) => {
      const wire = await Wire.open(port);
      wire.send('GET / HTTP/1.1\r\n');
      check(await wire.answer(), 408, { ...kData, ...kTextType });
    }));

  test('one with TLS: HSTS beside the rest, on pages, REST and errors', () =>
    withServer(Stillroom.start({}, ['--lan']), async ({ url, port }) => {
      const hsts = {
        'strict-transport-security': 'max-age=63072000; includeSubDomains; preload',
      };
      const page = pageOf(` wss://localhost:${port} wss://127.0.0.1:${port}`);
      const expected = {
        '/': [200, { ...page, 'content-type': 'text/html; charset=utf-8' }],
        '/nothing': [404, { ...kData, ...kTextType }],
        '/api/nothing': [404, { ...kData, ...kProblem }],
        '/livez': [200, { ...kData, ...kJsonType }],
        '/socket.io/?EIO=3&transport=polling': [400, { ...kData, ...kJsonType }],
      };
      for (const [path, [status, fields]] of Object.entries(expected)) {
        const answer = new Promise((resolve, reject) => {
          get(`${url}${path}`, { rejectUnauthorized: false }, (response) => {
            response.resume();
            resolve({ status: response.statusCode, headers: response.headers });
          }).on('error', reject);
        });
        check(await within(kAnswerMsMax, path, answer), status, { ...fields, ...hsts });
      }
    }));
});
