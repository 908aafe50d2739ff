// SPDX-License-Identifier: Apache-2.0
// Whoever comes past the proxy, and a proxy that does not keep to what was agreed on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, Wire } from '../contract/lib/raw.mjs';
import { until } from '../contract/lib/waiting.mjs';
import { kForgedLines, kMallory, onEachSite } from './lib/site.mjs';

const kHeaderTimeoutMs = 5_000;
const kHandshake = 'GET /socket.io/?EIO=4&transport=polling HTTP/1.1';
const kHealth = Buffer.from('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
const kSignature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
/** TCP over IPv4, from 127.0.0.3 to 127.0.0.1. */
const kHeader = Buffer.concat([kSignature, Buffer.from('2111000c7f0000037f000001303901bb', 'hex')]);
const kText = Buffer.from('PROXY TCP4 127.0.0.3 127.0.0.1 12345 443\r\n');

/** Closed without a byte in answer to this. */
async function unheard(server, bytes, place) {
  const wire = await Wire.open(server.port, place);
  wire.send(bytes);
  await wire.end();
  assert.equal(wire.bytes.length, 0);
  return wire;
}

onEachSite('strangers', (site, { words }) => {
  if (words === 'proxy-protocol') {
    test('who comes past the proxy is closed unheard, with its header or without', async () => {
      for (const bytes of [kHealth, Buffer.concat([kHeader, kHealth])]) {
        await unheard(site().server, bytes, { from: kMallory });
      }
    });

    test('the proxy without its header is closed unheard, and that is told', async () => {
      for (const bytes of [kHealth, Buffer.concat([kText, kHealth])]) {
        await unheard(site().server, bytes);
      }
      const told = () => site().server.log.match(/"reason":"header_missing"/g)?.length === 2;
      await until('two lines', told);
    });

    test('a header that does not come in time ends the connection', async () => {
      const { endedAfterMs } = await unheard(site().server, kSignature);
      assert.ok(endedAfterMs >= kHeaderTimeoutMs - 100, `${endedAfterMs} ms`);
    });

    test('the proxy, which asks for itself meanwhile, has found the server well', () => {
      assert.doesNotMatch(site().proxy.log, /DOWN/);
    });
    return;
  }

  test('who comes past the proxy has no TLS, whatever he says', async () => {
    for (const more of ['', kForgedLines]) {
      const answer = await ask(site().server.port, kHandshake + more, '', { from: kMallory });
      assert.equal(answer.status, 426);
      assert.equal(answer.headers['strict-transport-security'], undefined);
    }
  });

  test('of the proxy itself only the words that were agreed on are read', async () => {
    const fields = {
      'x-forwarded': 'X-Forwarded-Proto: https',
      forwarded: 'Forwarded: proto=https',
    };
    for (const [name, field] of Object.entries(fields)) {
      const head = `GET / HTTP/1.1\r\nSec-Fetch-Site: none\r\n${field}`;
      const answer = await ask(site().server.port, head);
      assert.equal(answer.status, name === words ? 200 : 426, name);
    }
  });
});
