// SPDX-License-Identifier: Apache-2.0
// What a scanner of TLS finds in a strict server: nothing outside of the policy. The longer look,
// with a second scanner, is `./run scan`.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isInstalled, sslscan } from '../../tools/scan/scanners.mjs';
import { Authority } from '../contract/lib/authority.mjs';
import { startSecure } from '../contract/lib/secure.mjs';

const absent = !isInstalled('sslscan') && 'sslscan is not installed';

let authority;
before(() => {
  authority = new Authority();
});
after(() => authority?.close());

for (const kind of ['ecdsa', 'rsa']) {
  test(`sslscan finds no fault, certificate of ${kind}`, { skip: absent }, async () => {
    const server = await startSecure(authority, { kind });
    try {
      assert.deepEqual(await sslscan(authority.folder, server.port), []);
    } finally {
      assert.equal(await server.stop(), 0);
    }
  });
}
