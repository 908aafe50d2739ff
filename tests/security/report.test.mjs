// SPDX-License-Identifier: Apache-2.0
// One row for each thing a clinic has to be able to trust the door with: what was tried against a
// running server over the network, how often, and what happened. The rows become
// docs/security/report.md; a file there that says something else than this run fails.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Bystanders } from '../contract/lib/bystanders.mjs';
import { Client, closeAll, seat } from '../contract/lib/client.mjs';
import { candidate, description, offer } from '../contract/lib/media.mjs';
import { addresses, lookalikes } from '../contract/lib/origins.mjs';
import { ask, RawLink, Wire } from '../contract/lib/raw.mjs';
import { Stillroom } from '../contract/lib/stillroom.mjs';
import { claimsOf, sign, wrongTokens } from '../contract/lib/tokens.mjs';

const kReport = fileURLToPath(new URL('../../docs/security/report.md', import.meta.url));
const kRules = JSON.parse(
  readFileSync(new URL('../mutants/rules.json', import.meta.url), 'utf8'),
).map(({ name, unit, contract }) => ({ name, by: unit ?? contract.join(', ') }));
const kAllowed = 'https://app.example';
const kName = 'Wilhelmina Planted-Secret';
const kHeaders = [
  'content-security-policy',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'permissions-policy',
  'referrer-policy',
  'x-content-type-options',
  'x-frame-options',
  'cache-control',
  'vary',
];

let server;
let limited;
let strict;
let bystanders;
/** Texts that must be nowhere in what was written. */
const secrets = new Set([kName]);
const rows = [];

before(async () => {
  server = await Stillroom.start({ ALLOWED_ORIGINS: kAllowed });
  limited = await Stillroom.start({
    STILLROOM_LIMITS_CONNECT_ATTEMPTS: '10',
    STILLROOM_LIMITS_PROOF_ATTEMPTS: '120',
  });
  strict = await Stillroom.startStrict({ STILLROOM_SECURITY_ALLOW_NON_BROWSER: 'true' });
  bystanders = await Bystanders.join(server);
});
after(async () => {
  closeAll();
  for (const one of [server, limited, strict]) assert.equal(await one?.stop(), 0);
});

/** `act` returns how many things were tried; two people in a call of their own look on. */
function row(what, tried, happened, act) {
  test(what, async () => {
    const times = await bystanders.undisturbed(act);
    assert.ok(times > 0);
    rows.push({ what, tried, times, happened });
  });
}

const kPlaces = {
  auth: (token) => ({ auth: { token } }),
  query: (token) => ({ query: { token } }),
  header: (token) => ({ extraHeaders: { Authorization: `Bearer ${token}` } }),
};

row(
  'Authentication',
  'wrong tokens of each kind (unsigned, changed, of another key, expired, early, without an end, of nobody, in another role, too long), as `auth.token`, in the URL, in a header, and as Bearer of REST',
  'each refused with its own text and code; nobody came in',
  async () => {
    const person = await server.stranger();
    let times = 0;
    for (const [token, message, code] of Object.values(wrongTokens(server.secret, person))) {
      for (const options of Object.values(kPlaces)) {
        if (!token && options !== kPlaces.auth) continue;
        const error = await new Client(server.url, options(token)).refused();
        assert.deepEqual([error.message, error.data.code], [message, code]);
        times += 1;
      }
      const headers = token ? { Authorization: `Bearer ${token}` } : {};
      const rest = await fetch(new URL('/api/video-calls/config', server.url), { headers });
      assert.equal(rest.status, 401);
      assert.equal((await rest.json()).code, code);
      times += 1;
      if (token?.length > 100) secrets.add(token.slice(0, 64));
    }
    return times;
  },
);

row(
  'Limits',
  'connections with bad tokens, one after the other, from one address',
  'ten a minute were looked at as of right and at most 120 on proof; every other one heard `Rate limit exceeded` or 429 with `Retry-After`; a good token from the same address came in meanwhile',
  async () => {
    const kTimes = 300;
    const person = await limited.stranger();
    const heard = { looked: 0, limited: 0, http: 0 };
    let cameIn = false;
    for (let at = 0; at < kTimes; at += 1) {
      const answer = await knock(limited.port, sign('x'.repeat(43), claimsOf(person)));
      heard[answer] += 1;
      if (at === 20) cameIn = (await knock(limited.port, person.token)) === 'in';
    }
    assert.ok(heard.looked >= 10 && heard.looked <= 130, JSON.stringify(heard));
    assert.equal(heard.looked + heard.limited + heard.http, kTimes);
    assert.ok(cameIn);
    return kTimes;
  },
);

/** One handshake and CONNECT by hand: `looked`, `limited`, `http` or `in`. */
async function knock(port, token) {
  const wire = await Wire.open(port);
  try {
    wire.send(
      `GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
    );
    const open = await wire.answer();
    if (open === undefined) return 'http';
    if (open.status === 429) {
      assert.ok(Number(open.headers['retry-after']) > 0);
      return 'http';
    }
    const { sid } = JSON.parse(open.body.slice(1));
    const path = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    const body = `40${JSON.stringify({ token })}`;
    const head = `Host: 127.0.0.1:${port}\r\nContent-Length: ${body.length}\r\n`;
    wire.send(`POST ${path} HTTP/1.1\r\n${head}\r\n${body}`);
    await wire.answer();
    wire.send(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    const told = (await wire.answer()).body;
    if (told.startsWith('40')) return 'in';
    return told.includes('Rate limit exceeded') ? 'limited' : 'looked';
  } finally {
    wire.close();
  }
}

row(
  'Origins',
  'look-alikes of an allowed origin, by rule, on a polling handshake, an upgrade and REST',
  '403 `Unauthorized origin` each time; no link was opened and no CORS field sent',
  async () => {
    const shapes = [...lookalikes(kAllowed), ...addresses(kAllowed)].filter(([, value]) =>
      /^[\x20-\x7e]*$/.test(value),
    );
    const upgrade =
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const roads = [
      ['GET /socket.io/?EIO=4&transport=polling HTTP/1.1', ''],
      ['GET /socket.io/?EIO=4&transport=websocket HTTP/1.1', `\r\n${upgrade}`],
      ['GET /api/video-calls/config HTTP/1.1', ''],
    ];
    for (const [name, value] of shapes) {
      for (const [line, more] of roads) {
        const answer = await ask(server.port, `${line}\r\nOrigin: ${value}${more}`);
        assert.equal(answer.status, 403, name);
        assert.match(answer.body, /Unauthorized origin/);
        assert.equal(answer.headers['access-control-allow-origin'], undefined);
      }
    }
    return shapes.length * roads.length;
  },
);

row(
  'Transport',
  'page, files, REST, polling and upgrade asked of a server without TLS, also with headers that claim there was some',
  '426 `Secure connection required` each time; nothing served',
  async () => {
    const claims = [
      '',
      'X-Forwarded-Proto: https',
      'Forwarded: proto=https',
      'X-Forwarded-Ssl: on',
    ];
    const paths = [
      '/',
      '/icon.svg',
      '/api/video-calls/config',
      '/socket.io/?EIO=4&transport=polling',
    ];
    let times = 0;
    for (const path of paths) {
      for (const claim of claims) {
        const head = `GET ${path} HTTP/1.1${claim ? `\r\n${claim}` : ''}`;
        const answer = await ask(strict.port, head);
        assert.equal(answer.status, 426, `${path} ${claim}`);
        assert.match(answer.body, /Secure connection required/);
        times += 1;
      }
    }
    return times;
  },
);

row(
  'Signalling',
  'offers, answers and candidates that are malformed, not encrypted, too weak, too large, out of turn, or for somebody who is not there, from a person in the room',
  'each refused with the text of its event; the other person heard nothing of it',
  async () => {
    const scene = await server.scene({ fresh: true });
    const therapist = await seat(server.url, scene.therapist, scene);
    const client = await seat(server.url, scene.client, scene);
    await therapist.through('user-joined');
    const to = therapist.id;
    const { roomId } = scene;
    const good = offer().sdp;
    const changed = {
      empty: '',
      text: 'hello',
      cut: good.slice(0, 120),
      'without a fingerprint': good.replace(/a=fingerprint.*\r\n/, ''),
      'SHA-1': good.replace('sha-256', 'sha-1'),
      SDES: `${good}a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${'A'.repeat(40)}\r\n`,
      'plain RTP': good.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'),
      'control bytes': good.replace('s=-', 's=\u0001\u0002'),
      'not of this role': good.replace('a=setup:actpass', 'a=setup:holdconn'),
      large: good + 'a=x:y\r\n'.repeat(10_000),
      'many sections': good + 'm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n'.repeat(100),
    };
    const tries = Object.entries(changed).map(([name, sdp]) => [
      'offer',
      { offer: { type: 'offer', sdp }, to, roomId },
      'Invalid offer format',
      name,
    ]);
    const lines = [
      'candidate:',
      'candidate:1 1 udp 1 host.example 50000 typ host',
      'candidate:1 1 udp 1 192.0.2.1 70000 typ host',
      'candidate:1 1 udp 1 192.0.2.1 -1 typ host',
      `candidate:1 1 udp 1 192.0.2.1 50000 typ host ${'x'.repeat(2_000)}`,
      'candidate:1 1 udp 1 192.0.2.1 50000 typ \u0007host',
    ];
    for (const line of lines) {
      const body = { candidate: { ...candidate(), candidate: line }, to, roomId };
      tries.push(['ice-candidate', body, 'Invalid ICE candidate', line]);
    }
    const attempt = 'Invalid signaling attempt';
    tries.push(
      ['answer', { answer: description('answer'), to, roomId }, attempt, 'an answer to nothing'],
      ['offer', { offer: offer(), to: 'nobody', roomId }, attempt, 'to nobody'],
      ['offer', { offer: offer(), to: client.id, roomId }, attempt, 'to oneself'],
      ['offer', { offer: offer(), to: bystanders.client.id, roomId }, attempt, 'to another room'],
      ['offer', { offer: offer(), to, roomId: bystanders.roomId }, attempt, 'in another room'],
    );
    for (const [event, body, error, name] of tries) {
      const ack = await client.ask(event, body);
      assert.deepEqual([ack.ok, ack.error], [false, error], name);
    }
    await therapist.quiet();
    secrets.add(good.split('\r\n')[1]);
    therapist.close();
    client.close();
    return tries.length;
  },
);

row(
  'Rooms',
  'joining as a stranger, into a session that is not there, cancelled, unpaid, not yet due, over, in the room of another one',
  'each refused with its own text; a stranger cannot tell what exists',
  async () => {
    const kHour = 3_600_000;
    const at = (ms) => new Date(Date.now() + ms);
    const scenes = {
      'Cannot join cancelled or declined session': await server.scene(),
      'Payment must be confirmed before joining': await server.scene({ payment: 'pending' }),
      'Too early to join': await server.scene({ start: at(2 * kHour) }),
      'Session has ended': await server.scene({ start: at(-4 * kHour) }),
    };
    await server.cli('session', 'cancel', '--id', Object.values(scenes)[0].sessionId);
    const person = Object.values(scenes)[0].client;
    const client = await new Client(server.url, { auth: { token: person.token } }).connect();
    const due = await server.scene();
    const other = await new Client(server.url, { auth: { token: person.token } }).connect();
    const tries = Object.entries(scenes).map(([text, { roomId, sessionId }]) => [
      client,
      { roomId, sessionId },
      text,
    ]);
    tries.push([
      other,
      { roomId: bystanders.roomId, sessionId: due.sessionId },
      'Invalid room ID for session',
    ]);
    const nobodys = await server.stranger();
    const stranger = await new Client(server.url, { auth: { token: nobodys.token } }).connect();
    const yours = 'Unauthorized access to this session';
    tries.push([stranger, { roomId: due.roomId, sessionId: due.sessionId }, yours]);
    tries.push([stranger, { roomId: due.roomId, sessionId: 'never-was' }, yours]);
    for (const [who, body, text] of tries) {
      const ack = await who.ask('join-room', body);
      assert.deepEqual([ack.ok, ack.error], [false, text]);
    }
    for (const one of [client, other, stranger]) one.close();
    return tries.length;
  },
);

row(
  'Error handling',
  'requests and packets that are none: broken lines and lengths, unmasked and oversized frames, binary and nested packets, other versions',
  'each refused or closed by itself; the server ran on and two people in a call noticed nothing',
  async () => {
    const requests = [
      'GARBAGE',
      'GET / HTTP/0.9',
      'GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5',
      'GET / HTTP/1.1\r\nContent-Length: x',
      'GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2',
      `GET / HTTP/1.1\r\nX: ${'y'.repeat(20_000)}`,
      `GET /${'a'.repeat(20_000)} HTTP/1.1`,
      'GET / HTTP/1.1\r\n folded: value',
      'POST /api/links/exchange HTTP/1.1\r\nContent-Length: 999999999',
      'GET /socket.io/?EIO=3&transport=polling HTTP/1.1',
      'GET /socket.io/?EIO=4&transport=smoke HTTP/1.1',
      'GET /socket.io/?EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAAAAAA HTTP/1.1',
      'DELETE /api/video-calls/config HTTP/1.1',
      'GET /../../etc/passwd HTTP/1.1',
    ];
    for (const head of requests) {
      const answer = await ask(server.port, head);
      assert.ok(answer === undefined || answer.status >= 400, head.slice(0, 60));
    }
    const packets = [
      '9',
      '4',
      '45{"a":1}',
      '451-["x",{"_placeholder":true,"num":0}]',
      `42${'['.repeat(500)}`,
      '42["join-room",',
      '42{}',
      '42[1e999]',
      '40/other,',
      `42["${'x'.repeat(100)}"]`,
      '43-1[]',
      '42\u0000',
    ];
    for (const packet of packets) {
      const link = await RawLink.open(server.port);
      const person = await server.scene();
      await link.connect(person.client.token);
      link.sendText(packet);
      link.sendText('2');
      link.close();
    }
    const reversed = await RawLink.open(server.port);
    reversed.wire.send(Buffer.from([0x81, 0x01, 0x32]));
    assert.ok((await reversed.closed()) !== 1000);
    assert.ok(server.running);
    return requests.length + packets.length + 1;
  },
);

row(
  'Headers',
  'the page, files, REST, polling, errors of every kind: each answer held against the set of fields',
  'all fields on every answer, no version of the server on any',
  async () => {
    const paths = [
      '/',
      '/icon.svg',
      '/nothing',
      '/livez',
      '/readyz',
      '/api/nothing',
      '/api/video-calls/config',
      '/api/links/exchange',
      '/socket.io/?EIO=4&transport=polling',
      '/socket.io/?EIO=3&transport=polling',
      '/socket.io/',
    ];
    for (const path of paths) {
      const { headers } = await ask(server.port, `GET ${path} HTTP/1.1`);
      for (const name of kHeaders) assert.ok(headers[name], `${path}: ${name}`);
      for (const name of ['server', 'x-powered-by']) assert.equal(headers[name], undefined);
    }
    return paths.length;
  },
);

/** Everything below a folder that is no database: that one holds names by design. */
function filesOf(folder) {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && !path.includes('stillroom.db'));
}

row(
  'Logging',
  'tokens, descriptions, names, link and session ids of all the above, looked for in everything the server wrote but its database',
  'none found',
  async () => {
    const scene = await server.scene({ fresh: true });
    const named = await server.person('client', kName);
    named.token = await server.token(named);
    for (const text of [named.token, scene.client.token, scene.roomId, scene.sessionId, named.id]) {
      secrets.add(text);
    }
    const client = await new Client(server.url, { auth: { token: named.token } }).connect();
    const { roomId, sessionId } = scene;
    await client.ask('join-room', { roomId, sessionId });
    client.close();
    const written = [
      server.log,
      limited.log,
      strict.log,
      ...filesOf(server.data).map((path) => readFileSync(path, 'latin1')),
    ];
    assert.ok(server.log.includes('connect_refused'), 'something was written');
    for (const secret of secrets) {
      for (const text of written) assert.ok(!text.includes(secret), secret.slice(0, 20));
    }
    return secrets.size;
  },
);

test('the report says what this run did', () => {
  const table = rows.map(
    ({ what, tried, times, happened }) => `| ${what} | ${tried} | ${times} | ${happened} |`,
  );
  const rules = kRules.map(({ name, by }) => `| ${name} | ${by} |`);
  const text = `# What was tried at the door
Made by \`./run test security\`, which fails when it finds anything else. Each row was tried against a running server over the network, while two
people in a call of their own exchanged candidates and had to notice nothing.

| | tried | times | what happened |
|---|---|---|---|
${table.join('\n')}

Beside it the same command forges tokens by the thousand kinds, mutates a million of them, lets a second verifier look at all of them, has
the page graded and the wire scanned; it prints how many there were.

## Rules that bite
\`./run test mutants\` takes each of these ${rules.length} rules out of a copy of the server; a test has to turn red for each.

| rule | noticed by |
|---|---|
${rules.join('\n')}
`;
  const known = existsSync(kReport) ? readFileSync(kReport, 'utf8') : '';
  if (known !== text) writeFileSync(kReport, text);
  assert.equal(known, text, 'docs/security/report.md was made anew: look at it and commit it');
});
