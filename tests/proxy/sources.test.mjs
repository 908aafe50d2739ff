// SPDX-License-Identifier: Apache-2.0
// Through real proxies: people are told apart by their own addresses, and limited by them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seat } from '../contract/lib/client.mjs';
import { kHasIpv6 } from './lib/proxy.mjs';
import { behindEach, kAnn, kForged, kMallory, kTea, onEachSite, Site } from './lib/site.mjs';

onEachSite('sources', (site) => {
  test('people are told apart by their own addresses, by every transport', async () => {
    const sources = [];
    for (const transports of [['polling'], ['websocket']]) {
      for (const address of [kAnn, kTea]) {
        sources.push(await site().sourceOf({ ...site().from(address), transports }));
      }
    }
    const [ann, tea, annAgain, teaAgain] = sources;
    assert.deepEqual([annAgain, teaAgain], [ann, tea]);
    assert.notEqual(ann, tea);
  });

  test('a refused request is told with the source of who asked', async () => {
    const ann = await site().sourceOf(site().from(kAnn));
    for (const path of ['/socket.io/?EIO=4&transport=polling', '/api/video-calls/config']) {
      assert.equal(await site().sourceOfRequest(path, kAnn), ann);
      assert.notEqual(await site().sourceOfRequest(path, kTea), ann);
    }
  });

  const skip = kHasIpv6 ? undefined : 'no ::1 on this machine';
  test('somebody with an IPv6 address comes in, as somebody else', { skip }, async () => {
    const url = `https://[::1]:${site().proxy.tls}`;
    const options = { ...site().from('::1'), transports: ['websocket'] };
    const scene = await site().server.scene();
    const client = await seat(url, scene.client, scene, options);
    assert.equal(client.joinAck.secureConnection, true);
    client.close();
    // The proxy's own source is what is left when an address cannot be read.
    const others = [await site().sourceOf(site().from(kAnn)), await site().sourceOf(site().from())];
    assert.ok(!others.includes(await site().sourceOf(options, url)));
  });

  test('who writes the fields himself is still who he is', async () => {
    const mallory = await site().sourceOf(site().from(kMallory));
    assert.equal(await site().sourceOf(site().from(kMallory, kForged)), mallory);
    assert.notEqual(await site().sourceOf(site().from(kTea)), mallory);
  });
});

behindEach('the rate limit', (way) => {
  test('one person over it is not another, and takes nobody else with him', async () => {
    const site = await Site.start(way, {
      STILLROOM_LIMITS_CONNECT_ATTEMPTS: '2',
      STILLROOM_LIMITS_PROOF_ATTEMPTS: '1',
    });
    try {
      const transports = ['websocket'];
      const refusal = (address, fields) =>
        site.refusal({ ...site.from(address, fields), transports });
      const heard = [];
      for (let attempt = 0; attempt < 5; attempt += 1) heard.push(await refusal(kMallory));
      assert.deepEqual(new Set(heard), new Set(['Authentication failed', 'Rate limit exceeded']));
      assert.equal(await refusal(kMallory, kForged), 'Rate limit exceeded');
      assert.equal(await refusal(kTea), 'Authentication failed');
      const scene = await site.server.scene({ fresh: true });
      (await seat(site.url, scene.client, scene, site.from(kAnn))).close();
    } finally {
      await site.stop();
    }
  });
});
