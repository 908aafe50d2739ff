// SPDX-License-Identifier: Apache-2.0
// Service keys: how they come and go, and that with them a server without Origin is let through, on
// the routes for applications only.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request as open } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { madeCertificate } from './lib/issuer.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { within } from './lib/waiting.mjs';

const kAnswerMsMax = 10_000;
const kOrigin = 'https://app.example';

let folder;
let server;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stillroom-keys-'));
  const { key, ca } = madeCertificate(folder, 'server');
  server = await Stillroom.startStrict({
    STILLROOM_TLS_CERTIFICATE: ca,
    STILLROOM_TLS_KEY: key,
    ALLOWED_ORIGINS: kOrigin,
  });
});
after(async () => {
  assert.equal(await server?.stop(), 0);
  rmSync(folder, { recursive: true, force: true });
});

/** As a server would: no Origin unless it is given. */
function send(method, path, headers = {}, body) {
  const answer = new Promise((resolve, reject) => {
    const asked = open(new URL(path, server.url), { method, headers, rejectUnauthorized: false });
    asked.on('error', reject).on('response', async (response) => {
      let text = '';
      for await (const piece of response) text += piece;
      const { code } = text.startsWith('{') ? JSON.parse(text) : {};
      resolve(code ? `${response.statusCode} ${code}` : `${response.statusCode}`);
    });
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
  return within(kAnswerMsMax, path, answer);
}
const bearer = (text) => ({ Authorization: `Bearer ${text}` });
const add = (...scopes) =>
  server.cli('key', 'add', '--name', 'An application', ...scopes.flatMap((s) => ['--scope', s]));
const user = (id) => ({ id, name: 'Somebody', role: 'client' });

describe('without an Origin', () => {
  test('a good key is let through; a bad one is refused as a key', async () => {
    const { key } = await add('users:write', 'users:read');
    assert.equal(await send('POST', '/api/users', bearer(key), user('one')), '201');
    assert.equal(await send('GET', '/api/users', bearer(key)), '200');
    const other = key.slice(0, 20) + 'A'.repeat(43);
    assert.equal(await send('GET', '/api/users', bearer(other)), '401 key_invalid');
  });

  test('what only begins as a key, a token, or nothing is no server of ours', async () => {
    const { key } = await add('users:read');
    const person = await server.person('admin');
    const token = await server.token(person);
    for (const headers of [
      {},
      bearer(key.slice(0, -1)),
      bearer(token),
      { 'X-Auth-Token': key },
      { Authorization: key },
    ]) {
      assert.equal(await send('GET', '/api/users', headers), '403 origin_refused');
    }
    assert.equal(await send('GET', '/api/users', { ...bearer(token), Origin: kOrigin }), '200');
  });

  test('a token beside a bad key opens nothing', async () => {
    const { key, id } = await add('users:read');
    const token = await server.token(await server.person('admin'));
    await server.cli('key', 'revoke', '--id', id);
    const both = { ...bearer(key), 'X-Auth-Token': token };
    assert.equal(await send('GET', '/api/users', both), '401 key_invalid');
  });

  test('the routes that take no key ask for an Origin as before', async () => {
    const { key } = await add('users:read', 'sessions:read');
    for (const [method, path] of [
      ['GET', '/api/video-calls/config'],
      ['GET', '/api/video-calls/history'],
      ['POST', '/api/links/exchange'],
      ['POST', '/api/links/renew'],
      ['GET', '/api/nothing'],
      ['PUT', '/api/keys'],
      ['GET', '/'],
    ]) {
      const said = await send(method, path, bearer(key));
      assert.match(said, /^403/, `${method} ${path}: ${said}`);
    }
    const handshake = '/socket.io/?EIO=4&transport=polling';
    assert.match(await send('GET', handshake, bearer(key)), /^403/);
  });

  test('a browser elsewhere is refused, whatever it carries', async () => {
    const { key } = await add('users:read');
    const strange = { ...bearer(key), Origin: 'https://evil.example' };
    assert.equal(await send('GET', '/api/users', strange), '403 origin_refused');
    const blind = { ...bearer(key), 'Sec-Fetch-Site': 'cross-site' };
    assert.equal(await send('GET', '/api/users', blind), '403 origin_refused');
    assert.equal(await send('GET', '/api/users', { ...bearer(key), Origin: kOrigin }), '200');
  });
});

test('a key is shown once, listed without its secret, and worth nothing once it is revoked', async () => {
  const made = await add('sessions:write', 'users:read');
  assert.match(made.key, /^sk_[0-9a-f]{16}_[\w-]{43}$/);
  assert.equal(made.key.slice(3, 19), made.id);
  assert.deepEqual(made.scopes, ['users:read', 'sessions:write']);
  const { keys } = await server.cli('key', 'list');
  const { key, ...shown } = made;
  assert.deepEqual(
    keys.find(({ id }) => id === made.id),
    shown,
  );
  assert.equal(await send('GET', '/api/users', bearer(key)), '200');
  const revoked = await server.cli('key', 'revoke', '--id', made.id);
  assert.equal(await send('GET', '/api/users', bearer(key)), '401 key_invalid');
  const listed = (await server.cli('key', 'list')).keys.find(({ id }) => id === made.id);
  assert.equal(listed.revokedAt, revoked.revokedAt);
  await assert.rejects(server.cli('key', 'revoke', '--id', made.id), /revoked already/);
  await assert.rejects(add('keys:write'), /users:read, users:write/);
});

test('the secret is in no file of the data folder and in no log', async () => {
  const { key } = await add('users:read');
  assert.equal(await send('GET', '/api/users', bearer(key)), '200');
  const secret = key.slice(20);
  const files = readdirSync(server.data).filter((name) => name.startsWith('stillroom.db'));
  assert.ok(files.length > 0);
  for (const name of files) {
    assert.ok(!readFileSync(join(server.data, name)).includes(secret), name);
  }
  assert.ok(!server.log.includes(secret));
  assert.ok(!server.log.includes(key.slice(3, 19)));
});
