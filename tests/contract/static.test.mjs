// SPDX-License-Identifier: Apache-2.0
// The page and its files: their kinds, forms and lifetimes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { wholeAnswer } from './lib/raw.mjs';
import { Stillroom } from './lib/stillroom.mjs';

const kForever = 'public, max-age=31536000, immutable';

let server;
let asset;
before(async () => {
  server = await Stillroom.start();
  asset = /src="(\/assets\/[^"]+\.js)"/.exec((await ask('GET /')).body.toString())?.[1];
});
after(async () => {
  assert.equal(await server?.stop(), 0);
});

const ask = (line, fields) => wholeAnswer(server.port, line, fields);

const codings = { identity: (bytes) => bytes, gzip: gunzipSync, br: brotliDecompressSync };

const files = {
  'the page': [() => '/', 'text/html; charset=utf-8', 'no-cache'],
  'a file whose name changes with its content': [
    () => asset,
    'text/javascript; charset=utf-8',
    kForever,
  ],
};

for (const [name, [path, type, lifetime]] of Object.entries(files)) {
  describe(name, () => {
    test('its kind, lifetime and a strong ETag', async () => {
      const { status, headers, body } = await ask(`GET ${path()}`);
      assert.equal(status, 200);
      assert.equal(headers['content-type'], type);
      assert.equal(headers['cache-control'], lifetime);
      assert.match(headers.etag, /^"[\w-]{16,}"$/);
      assert.equal(headers.vary, 'Accept-Encoding, Origin');
      assert.equal(headers['content-encoding'], undefined);
      assert.equal(Number(headers['content-length']), body.length);
    });

    const forms = {
      br: ['br', brotliDecompressSync],
      gzip: ['gzip', gunzipSync],
      'gzip, deflate, br, zstd': ['br', brotliDecompressSync],
      'br;q=1.0, gzip;q=0.8': ['br', brotliDecompressSync],
      'gzip, br;q=0': ['gzip', gunzipSync],
      'br;q=0': [undefined, (bytes) => bytes],
      'gzip;q=0': [undefined, (bytes) => bytes],
      // RFC 9110 section 12.4.2: blanks, and every way to write zero; section 12.5.3: in any case.
      'br; q=0': [undefined, (bytes) => bytes],
      'br ;q=0.000': [undefined, (bytes) => bytes],
      'x-br': [undefined, (bytes) => bytes],
      BR: ['br', brotliDecompressSync],
      identity: [undefined, (bytes) => bytes],
      deflate: [undefined, (bytes) => bytes],
    };
    for (const [accepted, [coding, decode]] of Object.entries(forms)) {
      test(`Accept-Encoding ${accepted}: ${coding ?? 'as it is'}`, async () => {
        const plain = await ask(`GET ${path()}`);
        const form = await ask(`GET ${path()}`, { 'Accept-Encoding': accepted });
        assert.equal(form.status, 200);
        assert.equal(form.headers['content-encoding'], coding);
        assert.equal(Number(form.headers['content-length']), form.body.length);
        assert.deepEqual(decode(form.body), plain.body);
        // A strong ETag names the bytes: another form, another name.
        assert.equal(form.headers.etag === plain.headers.etag, coding === undefined);
      });
    }

    for (const accepted of ['identity', 'gzip', 'br']) {
      const wanted = { 'Accept-Encoding': accepted };

      test(`If-None-Match, ${accepted}: 304 with the same fields and no body`, async () => {
        const { headers } = await ask(`GET ${path()}`, wanted);
        const again = { ...wanted, 'If-None-Match': headers.etag };
        const known = await ask(`GET ${path()}`, again);
        assert.equal(known.status, 304);
        assert.equal(known.body.length, 0);
        // RFC 9110 section 15.4.5: what a cache needs to keep what it has.
        for (const field of ['etag', 'vary', 'cache-control']) {
          assert.equal(known.headers[field], headers[field]);
        }
        const other = await ask(`GET ${path()}`, { ...wanted, 'If-None-Match': '"another"' });
        assert.equal(other.status, 200);
      });

      test(`HEAD, ${accepted}: the fields of GET and no body`, async () => {
        const got = await ask(`GET ${path()}`, wanted);
        const head = await ask(`HEAD ${path()}`, wanted);
        assert.equal(head.status, 200);
        assert.deepEqual(head.headers, got.headers);
        assert.equal(head.body.length, 0);
      });
    }

    test('If-None-Match: * is known, a longer tag is not', async () => {
      assert.equal((await ask(`GET ${path()}`, { 'If-None-Match': '*' })).status, 304);
      const { etag } = (await ask(`GET ${path()}`)).headers;
      for (const other of [`"x${etag.slice(1)}`, `${etag.slice(0, -1)}x"`]) {
        assert.equal((await ask(`GET ${path()}`, { 'If-None-Match': other })).status, 200);
      }
    });

    test('If-None-Match with a list', async () => {
      const { headers } = await ask(`GET ${path()}`);
      const list = `"another", W/${headers.etag}`;
      assert.equal((await ask(`GET ${path()}`, { 'If-None-Match': list })).status, 304);
    });

    test('POST: 405, and what is allowed', async () => {
      const refused = await ask(`POST ${path()}`);
      assert.equal(refused.status, 405);
      assert.equal(refused.headers.allow, 'GET, HEAD');
    });
  });
}

test('the pages of an account are one file, with scripts of their own', async () => {
  const [page, ...same] = await Promise.all(
    ['/account', '/login', '/home', '/account.html'].map((path) => ask(`GET ${path}`)),
  );
  for (const each of same) assert.deepEqual(each.body, page.body);
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(page.headers['cache-control'], 'no-cache');
  assert.ok(!page.body.includes(asset), 'the room is not loaded with it');
});

for (const at of ['/', '/login'])
  test(`${at} names the digest of every script and stylesheet, in every form`, async () => {
    const page = (await ask(`GET ${at}`)).body.toString();
    const tags = [...page.matchAll(/<(?:script|link)\b[^>]*>/g)]
      .map(([tag]) => tag)
      .filter((tag) => !/rel="(?!stylesheet|modulepreload)/.test(tag));
    assert.ok(tags.length >= 2, `${tags.length} tags`);
    for (const tag of tags) {
      const path = /(?:src|href)="(\/[^"]+)"/.exec(tag)[1];
      const digest = /integrity="(sha384-[^"]+)"/.exec(tag)?.[1];
      for (const [coding, decode] of Object.entries(codings)) {
        const { status, body } = await ask(`GET ${path}`, { 'Accept-Encoding': coding });
        assert.equal(status, 200);
        const expected = createHash('sha384').update(decode(body)).digest('base64');
        assert.equal(digest, `sha384-${expected}`, `${path}, ${coding}`);
      }
    }
  });

describe('what is no file', () => {
  for (const path of [
    '/nothing',
    '/assets/',
    '/assets/../index.html',
    '/%2e%2e/etc/passwd',
    '/.made-from',
  ]) {
    test(`${path}: 404`, async () => {
      const { status, headers, body } = await ask(`GET ${path}`);
      assert.equal(status, 404);
      assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
      assert.equal(headers.etag, undefined);
      assert.equal(body.toString(), 'Not found\n');
    });
  }
});

describe('health', () => {
  for (const [path, status] of [
    ['/livez', 'live'],
    ['/readyz', 'ready'],
  ]) {
    test(`${path}: ${status}, whoever asks, and nobody keeps it`, async () => {
      for (const fields of [{}, { Origin: 'http://evil.example' }]) {
        const answer = await ask(`GET ${path}`, fields);
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['content-type'], 'application/json');
        assert.equal(answer.headers['cache-control'], 'no-store');
        assert.deepEqual(JSON.parse(answer.body.toString()), { status });
      }
    });
  }
});
