// SPDX-License-Identifier: Apache-2.0
// Through real proxies with the shipped files: the stock client comes in by every transport, the page
// comes as it should, and nothing comes without TLS.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Client, pair, seat } from '../contract/lib/client.mjs';
import { ask } from '../contract/lib/raw.mjs';
import { until } from '../contract/lib/waiting.mjs';
import { kAnn, kForgedLines, kMallory, kTea, onEachSite } from './lib/site.mjs';

const kTransports = {
  'polling that upgrades': ['polling', 'websocket'],
  'polling only': ['polling'],
  'websocket only': ['websocket'],
};

onEachSite('clients', (site, { kind }) => {
  for (const [how, transports] of Object.entries(kTransports)) {
    test(`${how}: the stock client joins, and is told that the connection is secure`, async () => {
      const scene = await site().server.scene();
      const options = { ...site().from(kAnn), transports };
      const client = await seat(site().url, scene.client, scene, options);
      assert.equal(client.joinAck.secureConnection, true);
      const last = transports.at(-1);
      await until(last, () => client.transport === last);
      assert.equal((await client.ask('ice-servers', { roomId: scene.roomId })).ok, true);
      client.close();
    });
  }

  test('two people of one session find each other', async () => {
    const scene = await site().server.scene();
    const people = await pair({ url: site().url }, scene, site().from(kAnn));
    people.client.close();
    await people.therapist.through('user-left');
    people.therapist.close();
  });

  test('the page comes with HSTS, once', async () => {
    const { status, headers, body } = await site().fetched('/', { 'Sec-Fetch-Site': 'none' });
    assert.equal(status, 200);
    assert.match(body, /<title>Stillroom<\/title>/);
    const lasting = 'max-age=63072000; includeSubDomains; preload';
    assert.equal(headers['strict-transport-security'], lasting);
  });

  test('another site is refused as ever', async () => {
    const path = '/socket.io/?EIO=4&transport=polling';
    assert.equal((await site().fetched(path, { Origin: 'https://other.example' })).status, 403);
  });

  if (kind !== 'haproxy-tcp') {
    test('without TLS the pages are elsewhere and all else 426, whatever the fields say', async () => {
      const { plain } = site().proxy;
      for (const path of ['/', '/account', '/login', '/home']) {
        const page = await ask(plain, `GET ${path} HTTP/1.1`);
        assert.equal(page.status, 308, path);
        const { protocol, hostname, pathname } = new URL(page.headers.location);
        assert.deepEqual([protocol, hostname, pathname], ['https:', '127.0.0.1', path]);
      }
      for (const path of ['/socket.io/?EIO=4&transport=polling', '/api/video-calls/config']) {
        for (const more of ['', kForgedLines]) {
          const answer = await ask(plain, `GET ${path} HTTP/1.1${more}`);
          assert.equal(answer.status, 426, path);
          assert.equal(answer.headers['strict-transport-security'], undefined);
        }
      }
    });
  }

  test('neither log has a token or an address of anybody', async () => {
    const token = 'planted.token.text';
    await new Client(site().url, { query: { token }, ...site().from(kAnn) }).refused();
    await site().fetched(`/planted?token=${token}`);
    for (const log of [site().server.log, site().proxy.written()]) {
      for (const word of ['planted', kAnn, kTea, kMallory]) assert.ok(!log.includes(word), log);
    }
  });
});

test('the shipped files keep nothing of a request', () => {
  const file = (name) => readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');
  assert.equal(file('nginx.conf').match(/^ +access_log off;$/gm).length, 2);
  assert.doesNotMatch(file('haproxy.cfg') + file('haproxy-tcp.cfg'), /^\s*log\b/m);
});
