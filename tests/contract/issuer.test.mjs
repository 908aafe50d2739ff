// SPDX-License-Identifier: Apache-2.0
// Keys of an issuer by https (`security.jwks_url`): they rotate, the issuer goes down and lies, and
// nobody comes in by a key that it does not have.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Client } from './lib/client.mjs';
import { refused } from './lib/command.mjs';
import { Issuer, madeCertificate } from './lib/issuer.mjs';
import { ask } from './lib/raw.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { claimsOf, sign } from './lib/tokens.mjs';
import { pause, until } from './lib/waiting.mjs';

const kMinAgeMs = 1000;

const folder = mkdtempSync(join(tmpdir(), 'stillroom-issuer-'));
const certificate = madeCertificate(folder);
after(() => rmSync(folder, { recursive: true, force: true }));

const settingsFor = (issuer, more = {}) => ({
  STILLROOM_SECURITY_JWKS_URL: issuer.url,
  STILLROOM_SECURITY_JWKS_CA: certificate.ca,
  STILLROOM_SECURITY_JWKS_MIN_AGE: `${kMinAgeMs}ms`,
  ...more,
});

const opens = async (server, token) => {
  const client = new Client(server.url, { auth: { token } });
  await client.connect();
  client.close();
};
const refuses = async (server, token) => {
  const error = await new Client(server.url, { auth: { token } }).refused();
  assert.equal(error.message, 'Authentication failed');
  assert.equal(error.data.code, 'token_invalid');
};
const readiness = async (server) => (await ask(server.port, 'GET /readyz HTTP/1.1')).status;
const becomes = (server, status) =>
  until(`/readyz to say ${status}`, async () => (await readiness(server)) === status);

/** What the log says of `event`, as objects. */
const told = (server, event) =>
  server.log
    .split('\n')
    .filter((line) => line.includes(`"${event}"`))
    .map((line) => JSON.parse(line));

describe('an issuer that is down when the server starts', () => {
  const keyLog = join(folder, 'key-log');
  let issuer;
  let server;
  let claims;
  before(async () => {
    issuer = await new Issuer(certificate).start();
    issuer.rotate('a');
    await issuer.stop();
    server = await Stillroom.start(settingsFor(issuer, { SSLKEYLOGFILE: keyLog }));
    claims = claimsOf(await server.person('client'));
  });
  after(async () => {
    await issuer?.stop();
    assert.equal(await server?.stop(), 0);
  });

  test('the server starts, says so, is not ready, and takes the tokens of its own secret', async () => {
    assert.equal(await readiness(server), 503);
    await until('a word in the log', () => told(server, 'issuer_keys_not_read').length > 0);
    const [said] = told(server, 'issuer_keys_not_read');
    assert.equal(said.reason, 'unreachable');
    assert.equal(said.old_keys_stay, false);
    await refuses(server, issuer.token('a', claims));
    await opens(server, sign(server.secret, claims));
  });

  test('it recovers alone', async () => {
    await issuer.start();
    await becomes(server, 200);
    await opens(server, issuer.token('a', claims));
    assert.ok(!existsSync(keyLog), 'nobody writes the keys of a TLS connection down');
  });
});

describe('keys that rotate', () => {
  let issuer;
  let server;
  let claims;
  before(async () => {
    issuer = await new Issuer(certificate).start();
    issuer.rotate('a');
    server = await Stillroom.start(settingsFor(issuer));
    claims = claimsOf(await server.person('client'));
    await becomes(server, 200);
  });
  after(async () => {
    await issuer?.stop();
    assert.equal(await server?.stop(), 0);
  });

  test('an unknown kid makes the server ask, and then its token opens', async () => {
    await opens(server, issuer.token('a', claims));
    issuer.rotate('a', 'b');
    const token = issuer.token('b', claims);
    await refuses(server, token);
    await until('the new key', () => told(server, 'issuer_keys_read').length === 2);
    await opens(server, token);
    await opens(server, issuer.token('a', claims));
  });

  test('a key that the issuer gave up opens nothing any more', async () => {
    const gone = issuer.token('a', claims);
    issuer.rotate('b', 'c');
    await refuses(server, issuer.token('c', claims));
    await until('the new keys', () => told(server, 'issuer_keys_read').length === 3);
    await refuses(server, gone);
    await opens(server, issuer.token('c', claims));
  });

  test('a flood of unknown kids asks the issuer once in min_age', async () => {
    const stranger = new Issuer(certificate);
    const [asked, began] = [issuer.questions, Date.now()];
    let number = 0;
    while (Date.now() - began < 3 * kMinAgeMs) {
      number += 1;
      stranger.rotate(`k${number}`);
      await refuses(server, stranger.token(`k${number}`, claims));
    }
    const asks = issuer.questions - asked;
    const most = Math.floor((Date.now() - began) / kMinAgeMs) + 1;
    assert.ok(number > 20, `${number} tokens`);
    assert.ok(asks >= 2 && asks <= most, `${asks} questions, ${most} at most`);
  });

  test('kids that no key can have, and known ones, ask nothing', async () => {
    const reads = told(server, 'issuer_keys_read').length;
    await pause(2 * kMinAgeMs); // what the flood has left to ask is asked
    const asked = issuer.questions;
    assert.ok(told(server, 'issuer_keys_read').length >= reads);
    const header = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const rest = issuer.token('b', claims).split('.').slice(1).join('.');
    for (const odd of [
      { alg: 'ES256', kid: 'b' },
      { alg: 'ES256', kid: 'a b' },
      { alg: 'HS256', kid: 'x' },
    ]) {
      await refuses(server, `${header({ ...odd, typ: 'JWT' })}.${rest}`);
    }
    await pause(kMinAgeMs + 200);
    assert.equal(issuer.questions, asked);
  });
});

describe('an issuer that goes down', () => {
  const kStaleMs = 5000;
  let issuer;
  let server;
  let token;
  before(async () => {
    issuer = await new Issuer(certificate).start();
    issuer.rotate('a');
    const ages = {
      STILLROOM_SECURITY_JWKS_MAX_AGE: `${kMinAgeMs}ms`,
      STILLROOM_SECURITY_JWKS_STALE_LIMIT: `${kStaleMs}ms`,
    };
    server = await Stillroom.start(settingsFor(issuer, ages));
    token = issuer.token('a', claimsOf(await server.person('client')));
    await becomes(server, 200);
  });
  after(async () => {
    await issuer?.stop();
    assert.equal(await server?.stop(), 0);
  });

  test('its keys stay until the stale limit, then open nothing, until it is back', async () => {
    await issuer.stop();
    await until('a failed question', () => told(server, 'issuer_keys_not_read').length > 0);
    assert.equal(told(server, 'issuer_keys_not_read')[0].old_keys_stay, true);
    await opens(server, token);
    assert.equal(await readiness(server), 200);
    await until(
      'the keys to go',
      () => told(server, 'issuer_keys_dropped').length > 0,
      2 * kStaleMs,
    );
    await becomes(server, 503);
    await refuses(server, token);
    await issuer.start();
    await becomes(server, 200);
    await opens(server, token);
  });
});

describe('an issuer that lies', () => {
  let issuer;
  let elsewhere;
  let server;
  let token;
  before(async () => {
    issuer = await new Issuer(certificate).start();
    elsewhere = await new Issuer(certificate).start();
    issuer.rotate('a');
    elsewhere.rotate('a');
    const often = { STILLROOM_SECURITY_JWKS_MAX_AGE: `${kMinAgeMs}ms` };
    server = await Stillroom.start(settingsFor(issuer, often));
    token = issuer.token('a', claimsOf(await server.person('client')));
    await becomes(server, 200);
  });
  after(async () => {
    await issuer?.stop();
    await elsewhere?.stop();
    assert.equal(await server?.stop(), 0);
  });

  const secret = { kty: 'oct', k: 'AAAA', kid: 'a' };
  /** what -> [how it answers, the reason that the log tells] */
  const lies = {
    'a redirect to another host': [
      (response) => response.writeHead(302, { location: elsewhere.url }).end(),
      'redirect',
    ],
    'a redirect to itself': [
      (response) => response.writeHead(307, { location: issuer.url }).end(),
      'redirect',
    ],
    'a redirect to plain http': [
      (response) => response.writeHead(301, { location: 'http://127.0.0.1:1/' }).end(),
      'redirect',
    ],
    'an error': [(response) => response.writeHead(500).end('{"keys":[]}'), 'status'],
    'no content': [(response) => response.writeHead(204).end(), 'status'],
    'a page': [(response) => response.end('<html><title>Log in</title></html>'), 'content'],
    'no key': [(response) => response.end('{"keys":[]}'), 'content'],
    'a secret key': [(response) => response.end(JSON.stringify({ keys: [secret] })), 'content'],
    'half an answer': [
      (response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('{"keys":');
        setTimeout(() => response.destroy(), 100);
      },
      'unreachable',
    ],
    'too much, and says so': [
      (response) => response.end(`{"x":"${'x'.repeat(70_000)}"}`),
      'oversized',
    ],
    'too much, without an end': [
      (response) => {
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(16_384)));
        };
        response.on('drain', more);
        more();
      },
      'oversized',
    ],
  };
  for (const [what, [answer, reason]] of Object.entries(lies)) {
    test(`${what}: ${reason}, and the keys from before stay`, async () => {
      const before = told(server, 'issuer_keys_not_read').length;
      issuer.behave(answer);
      await until('a failed question', () => told(server, 'issuer_keys_not_read').length > before);
      assert.equal(told(server, 'issuer_keys_not_read').at(-1).reason, reason);
      await opens(server, token);
      issuer.behave();
      const reads = told(server, 'issuer_keys_read').length;
      await until('a good answer', () => told(server, 'issuer_keys_read').length > reads);
    });
  }

  test('nobody followed it to the other host', () => {
    assert.equal(elsewhere.questions, 0);
  });
});

describe('an issuer that never answers', () => {
  test('is given up after 10 s, and holds up neither tokens nor the end of the server', async () => {
    const issuer = await new Issuer(certificate).start();
    issuer.behave(() => {});
    const server = await Stillroom.start(settingsFor(issuer));
    try {
      const claims = claimsOf(await server.person('client'));
      await opens(server, sign(server.secret, claims));
      const late = () => told(server, 'issuer_keys_not_read').length > 0;
      await until('the end of patience', late, 12_000);
      assert.equal(told(server, 'issuer_keys_not_read')[0].reason, 'timeout');
      await until('the next question', () => issuer.questions === 2);
      const began = Date.now();
      assert.equal(await server.stop(), 0);
      assert.ok(Date.now() - began < 4000, `${Date.now() - began} ms`);
    } finally {
      await server.stop();
      await issuer.stop();
    }
  });
});

describe('an issuer that is not who it says', () => {
  const reasonOf = async (settings, start = Stillroom.start) => {
    const server = await start(settings);
    try {
      await until('a word in the log', () => told(server, 'issuer_keys_not_read').length > 0);
      assert.equal(await readiness(server), 503);
      return told(server, 'issuer_keys_not_read')[0].reason;
    } finally {
      await server.stop();
    }
  };
  let issuer;
  before(async () => {
    issuer = await new Issuer(certificate).start();
    issuer.rotate('a');
  });
  after(async () => {
    assert.equal(issuer.questions, 0, 'nobody got as far as a question');
    await issuer.stop();
  });

  test('a certificate that nobody we trust has signed', async () => {
    const { ca } = madeCertificate(folder, 'other');
    assert.equal(await reasonOf(settingsFor(issuer, { STILLROOM_SECURITY_JWKS_CA: ca })), 'tls');
    assert.equal(await reasonOf(settingsFor(issuer, { STILLROOM_SECURITY_JWKS_CA: '' })), 'tls');
  });

  test('a certificate for another name', async () => {
    const url = issuer.url.replace('127.0.0.1', 'localhost');
    assert.equal(await reasonOf(settingsFor(issuer, { STILLROOM_SECURITY_JWKS_URL: url })), 'tls');
  });

  test('an address inside: asked under --dev only', async () => {
    assert.equal(await reasonOf(settingsFor(issuer), Stillroom.startStrict), 'private_address');
  });

  test('a URL without TLS stops the start', () => {
    const settings = { STILLROOM_SECURITY_JWKS_URL: 'http://127.0.0.1:1/jwks.json' };
    const args = ['serve', '--dev', '--listen', '127.0.0.1:0', '--data', folder];
    return refused(args, /security\.jwks_url must be an https URL/, { settings });
  });
});
