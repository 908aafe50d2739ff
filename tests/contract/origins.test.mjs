// SPDX-License-Identifier: Apache-2.0
// Who may ask (contract §5): look-alikes of the allowed origins, by the hundred, on every road in.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { madeCertificate } from './lib/issuer.mjs';
import { addresses, controls, highBytes, kNoOrigins, lookalikes } from './lib/origins.mjs';
import { RawPolling, Wire } from './lib/raw.mjs';
import { Stillroom } from './lib/stillroom.mjs';

const kAllowed = ['https://app.example', 'https://rooms.clinic.example:8443'];
const kShapesMin = 200;
const kEngineIo = '{"code":4,"message":"Unauthorized origin"}';
const kRest = {
  type: 'about:blank',
  title: 'Forbidden',
  status: 403,
  detail: 'Unauthorized origin',
  error: 'Unauthorized origin',
  code: 'origin_refused',
};
const kUpgrade =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

let server;
let person;
let link;
let roads;
before(async () => {
  server = await Stillroom.start({ ALLOWED_ORIGINS: kAllowed.join(',') });
  person = (await server.scene()).client;
  link = await RawPolling.open(server.port, { Origin: kAllowed[0] });
  await link.connect(person.token);
  const engine = '/socket.io/?EIO=4&transport';
  /** name -> [request line, other fields, body] */
  roads = {
    'a polling handshake': [`GET ${engine}=polling`, ''],
    'a POST to a link': [`POST ${engine}=polling${link.sid}`, 'Content-Length: 1\r\n', '3'],
    'a websocket upgrade': [`GET ${engine}=websocket`, kUpgrade],
    'REST that reads': ['GET /api/video-calls/config', `Authorization: Bearer ${person.token}\r\n`],
    'REST that acts': ['POST /api/links/exchange', 'Content-Length: 2\r\n', '{}'],
    'a preflight': [
      'OPTIONS /api/video-calls/config',
      'Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: authorization\r\n',
    ],
    'the page': ['GET /', ''],
  };
});
after(async () => {
  assert.equal(await server?.stop(), 0);
});

/** An answer to a request whose `Origin` lines are exactly these bytes. */
async function ask([line, fields, body = ''], lines) {
  const wire = await Wire.open(server.port);
  const head = `${line} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`;
  wire.send(Buffer.concat([Buffer.from(head), lines, Buffer.from(`${fields}\r\n${body}`)]));
  try {
    return await wire.answer();
  } finally {
    wire.close();
  }
}
const utf8 = (value) => Buffer.from(`Origin: ${value}\r\n`);
const latin1 = (value) => Buffer.from(`Origin: ${value}\r\n`, 'latin1');

function isRefused(answer, road, name) {
  const where = `${name} by ${road}`;
  assert.equal(answer?.status, 403, where);
  if (road.includes('REST') || road === 'a preflight') {
    assert.equal(answer.headers['content-type'], 'application/problem+json', where);
    assert.deepEqual(JSON.parse(answer.body), kRest, where);
  } else {
    assert.equal(answer.headers['content-type'], 'application/json', where);
    assert.equal(answer.body, kEngineIo, where);
  }
  assert.equal(answer.headers['access-control-allow-origin'], undefined, where);
  assert.equal(answer.headers['access-control-allow-credentials'], undefined, where);
  assert.equal(answer.headers.vary, 'Origin', where);
}

async function metric(name) {
  const { exposition } = await server.cli('metrics');
  const line = exposition.split('\n').find((each) => each.startsWith(`stillroom_${name} `));
  return Number(line.split(' ')[1]);
}

/** The shapes, by how they are written: [name, the lines of the head]. */
function shapes() {
  const own = `http://127.0.0.1:${server.port}`;
  const texts = [...kAllowed, own].flatMap((origin) =>
    lookalikes(origin).map(([name, value]) => [`${name} (${origin})`, value]),
  );
  const all = [...texts, ...addresses(server.port), ...kNoOrigins];
  const bytes = kAllowed.flatMap(highBytes);
  const written = [
    ...all.map(([name, value]) => [name, utf8(value)]),
    ...bytes.map(([name, value]) => [name, latin1(value)]),
  ];
  const different = new Map(written.map(([name, lines]) => [lines.toString('latin1'), name]));
  for (const origin of [...kAllowed, own]) different.delete(utf8(origin).toString('latin1'));
  return [...different].map(([lines, name]) => [name, Buffer.from(lines, 'latin1')]);
}

const kRefused = 'security_events_total{kind="request_refused",reason="origin_refused"}';

describe('what looks like an allowed origin', () => {
  test('is refused in the same words on every road, and nobody comes in', async (t) => {
    const links = [
      'links_opened_total{transport="polling"}',
      'links_opened_total{transport="websocket"}',
    ];
    const opened = await Promise.all(links.map(metric));
    const entered = await metric('connects_accepted_total');
    const refused = await metric(kRefused);
    const made = shapes();
    let tried = 0;
    for (const [name, lines] of made) {
      const answers = await Promise.all(
        Object.entries(roads).map(async ([road, request]) => [road, await ask(request, lines)]),
      );
      for (const [road, answer] of answers) {
        isRefused(answer, road, name);
        tried += 1;
      }
    }
    t.diagnostic(`${made.length} shapes, ${tried} requests`);
    assert.ok(made.length >= kShapesMin, `${made.length} shapes`);
    assert.equal(tried, made.length * Object.keys(roads).length);
    assert.deepEqual(await Promise.all(links.map(metric)), opened);
    assert.equal(await metric('connects_accepted_total'), entered);
    assert.equal((await metric(kRefused)) - refused, tried);
  });

  test('does no harm to the link that it named', async () => {
    assert.equal((await link.post('3')).body, 'ok');
  });

  test('with a control byte it is no HTTP', async (t) => {
    const made = kAllowed.flatMap(controls);
    for (const [name, value] of made) {
      for (const [road, request] of Object.entries(roads)) {
        const answer = await ask(request, latin1(value));
        assert.equal(answer?.status, 400, `${name} by ${road}`);
        assert.equal(answer.headers['access-control-allow-origin'], undefined);
      }
    }
    t.diagnostic(`${made.length} shapes, ${made.length * Object.keys(roads).length} requests`);
  });

  const [app, other] = kAllowed;
  const lines = {
    'twice the same': `Origin: ${app}\r\nOrigin: ${app}\r\n`,
    'two that are allowed': `Origin: ${app}\r\nOrigin: ${other}\r\n`,
    'a foreign one behind': `Origin: ${app}\r\nOrigin: https://evil.example\r\n`,
    'a foreign one before': `Origin: https://evil.example\r\nOrigin: ${app}\r\n`,
    'another case of the name': `Origin: ${app}\r\nORIGIN: https://evil.example\r\n`,
    'a folded line': `Origin:\r\n ${app}\r\n`,
    'a line that goes on': `Origin: ${app}\r\n .evil.example\r\n`,
    'a blank before the colon': `Origin : ${app}\r\n`,
    'no colon': `Origin ${app}\r\n`,
    'a bare line feed': `Origin: ${app}\nX: y\r\n`,
    'a bare carriage return': `Origin: ${app}\rX: y\r\n`,
  };
  for (const [name, text] of Object.entries(lines)) {
    test(`${name}: 400 on every road`, async () => {
      for (const [road, request] of Object.entries(roads)) {
        assert.equal((await ask(request, Buffer.from(text)))?.status, 400, road);
      }
    });
  }
});

describe('an allowed origin', () => {
  const kStatus = {
    'a polling handshake': 200,
    'a POST to a link': 400, // of another origin than the link's
    'a websocket upgrade': 101,
    'REST that reads': 200,
    'REST that acts': 400,
    'a preflight': 204,
    'the page': 200,
  };
  const origins = () => [
    ...kAllowed,
    `http://localhost:${server.port}`,
    `http://[::1]:${server.port}`,
  ];

  test('is named exactly, and with it that credentials may be sent', async () => {
    for (const origin of origins()) {
      for (const [road, request] of Object.entries(roads)) {
        const { status, headers } = await ask(request, utf8(origin));
        const same = road === 'a POST to a link' && origin === kAllowed[0];
        assert.equal(status, same ? 200 : kStatus[road], `${origin} by ${road}`);
        if (status === 101) continue; // CORS is no matter of WebSockets
        assert.equal(headers['access-control-allow-origin'], origin, road);
        assert.equal(headers['access-control-allow-credentials'], 'true', road);
        assert.match(headers.vary, /(^|, )Origin$/, road);
      }
    }
  });

  test('is the same with blanks around it, which HTTP takes off', async () => {
    for (const written of [`Origin:${kAllowed[0]}`, `Origin: \t ${kAllowed[0]} \t `]) {
      const { status, headers } = await ask(roads['the page'], Buffer.from(`${written}\r\n`));
      assert.equal(status, 200);
      assert.equal(headers['access-control-allow-origin'], kAllowed[0]);
    }
  });

  test('may send what a preflight says, and nothing says *', async () => {
    const { headers } = await ask(roads['a preflight'], utf8(kAllowed[0]));
    assert.equal(headers['access-control-allow-methods'], 'GET, POST, PUT, PATCH, DELETE, OPTIONS');
    assert.equal(
      headers['access-control-allow-headers'],
      'Authorization, Content-Type, Idempotency-Key, X-Auth-Token',
    );
    assert.ok(!Object.values(headers).includes('*'));
  });
});

describe('Fetch Metadata without Origin', () => {
  /** Where it says that a request comes from -> what a GET of the page, of REST, a POST get. */
  const sites = {
    'same-origin': [200, 200, 403],
    none: [200, 403, 403],
    'same-site': [403, 403, 403],
    'cross-site': [403, 403, 403],
    'SAME-ORIGIN': [403, 403, 403],
    '': [403, 403, 403],
  };
  for (const [site, [page, rest, post]] of Object.entries(sites)) {
    test(`Sec-Fetch-Site: ${site}`, async () => {
      const lines = Buffer.from(`Sec-Fetch-Site: ${site}\r\n`);
      assert.equal((await ask(roads['the page'], lines)).status, page);
      assert.equal((await ask(roads['REST that reads'], lines)).status, rest);
      assert.equal((await ask(roads['REST that acts'], lines)).status, post);
      assert.equal((await ask(roads['a websocket upgrade'], lines)).status, 403);
    });
  }

  test('does not help a foreign origin', async () => {
    for (const origin of ['https://evil.example', 'null']) {
      const lines = Buffer.from(`Origin: ${origin}\r\nSec-Fetch-Site: same-origin\r\n`);
      for (const [road, request] of Object.entries(roads)) {
        isRefused(await ask(request, lines), road, origin);
      }
    }
  });

  test('a link on another site leads to the page, and to nothing else', async () => {
    const link_ = (dest) =>
      Buffer.from(
        `Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: ${dest}\r\n`,
      );
    assert.equal((await ask(roads['the page'], link_('document'))).status, 200);
    assert.equal((await ask(roads['REST that reads'], link_('document'))).status, 403);
    for (const dest of ['iframe', 'frame', 'embed', 'object', 'empty', 'script']) {
      assert.equal((await ask(roads['the page'], link_(dest))).status, 403, dest);
    }
  });
});

test('who is no browser passes with --dev', async () => {
  assert.equal((await ask(roads['a polling handshake'], Buffer.alloc(0))).status, 200);
});

test('in production it is refused, unless a setting says otherwise', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stillroom-origins-'));
  const { ca, key } = madeCertificate(folder, 'server');
  const settings = {
    STILLROOM_TLS_CERTIFICATE: ca,
    STILLROOM_TLS_KEY: key,
    ALLOWED_ORIGINS: kAllowed.join(','),
  };
  const statuses = async (more) => {
    const strict = await Stillroom.startStrict({ ...settings, ...more });
    try {
      const asked = [{}, { 'Sec-Fetch-Site': 'none' }, { Origin: kAllowed[0] }].map((headers) =>
        statusOf(strict.url, headers),
      );
      return await Promise.all(asked);
    } finally {
      await strict.stop();
    }
  };
  try {
    assert.deepEqual(await statuses({}), [403, 200, 200]);
    const open = { STILLROOM_SECURITY_ALLOW_NON_BROWSER: 'true' };
    assert.deepEqual(await statuses(open), [200, 200, 200]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function statusOf(url, headers) {
  return new Promise((resolve, reject) => {
    get(url, { headers, rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
