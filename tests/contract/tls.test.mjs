// SPDX-License-Identifier: Apache-2.0
// The policy of TLS (RFC 9325), asked by stock clients that would take anything: what is not on
// the list is refused by the server. And handshakes that never end.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { getCiphers } from 'node:tls';
import { Authority } from './lib/authority.mjs';
import { closeAll, seat } from './lib/client.mjs';
import {
  clientHello,
  readServerHello,
  requested,
  sClient,
  sClientFor,
  shake,
  shownSerial,
} from './lib/handshake.mjs';
import { Wire } from './lib/raw.mjs';
import { startSecure } from './lib/secure.mjs';
import { pause, until, within } from './lib/waiting.mjs';

/** A client without a policy of its own. */
const kAnything = 'ALL:eNULL:aNULL:@SECLEVEL=0';
const kRefusedMsMax = 5_000;
const kSelfMade = { rejectUnauthorized: false };

const authority = new Authority();
const servers = {};
before(async () => {
  for (const kind of ['ecdsa', 'rsa']) servers[kind] = await startSecure(authority, { kind });
});
after(async () => {
  closeAll();
  for (const server of Object.values(servers)) assert.equal(await server.stop(), 0);
  authority.close();
});

/** What came of a handshake: a word of the socket, or OpenSSL's reason. */
async function outcome(kind, options, read = (socket) => socket.getCipher().standardName) {
  try {
    const socket = await shake(servers[kind].port, options);
    const said = read(socket);
    socket.destroy();
    return said;
  } catch (error) {
    return error.code ?? error.message;
  }
}
const refusesVersion = 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION';
const refusesAll = 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE';

for (const kind of ['ecdsa', 'rsa']) {
  describe(`with a certificate of ${kind}`, () => {
    for (const version of ['TLSv1', 'TLSv1.1']) {
      test(`${version} is refused`, async () => {
        const only = { minVersion: version, maxVersion: version, ciphers: kAnything };
        assert.equal(await outcome(kind, only), refusesVersion);
      });
    }

    test('TLS 1.2: of all suites there are, those with ECDHE and AEAD', async () => {
      const taken = [];
      const names = getCiphers().filter((name) => !name.startsWith('tls_'));
      assert.ok(names.length > 30, `${names.length} suites`);
      for (const name of names) {
        const only = { maxVersion: 'TLSv1.2', ciphers: `${name.toUpperCase()}:@SECLEVEL=0` };
        const said = await outcome(kind, only);
        if (said.startsWith('TLS_')) taken.push(said);
        else if (!said.startsWith('ERR_SSL_NO_CIPHER')) assert.equal(said, refusesAll, name);
      }
      const family = `TLS_ECDHE_${kind.toUpperCase()}_WITH`;
      assert.deepEqual(taken.sort(), [
        `${family}_AES_128_GCM_SHA256`,
        `${family}_AES_256_GCM_SHA384`,
        `${family}_CHACHA20_POLY1305_SHA256`,
      ]);
    });

    test('TLS 1.3: the three suites that browsers have', async () => {
      const suites = [
        'TLS_AES_128_GCM_SHA256',
        'TLS_AES_256_GCM_SHA384',
        'TLS_CHACHA20_POLY1305_SHA256',
      ];
      const rest = ['TLS_AES_128_CCM_SHA256', 'TLS_AES_128_CCM_8_SHA256'];
      for (const suite of [...suites, ...rest]) {
        const only = { minVersion: 'TLSv1.3', ciphers: suite };
        assert.equal(await outcome(kind, only), suites.includes(suite) ? suite : refusesAll);
      }
    });

    test('keys are agreed on by X25519, P-256 and P-384 only', async () => {
      for (const version of ['TLSv1.2', 'TLSv1.3']) {
        const by = (group) =>
          outcome(kind, { minVersion: version, maxVersion: version, ecdhCurve: group });
        // In TLS 1.2 the list says also which certificates a client can read.
        const read = kind === 'ecdsa' && version === 'TLSv1.2' ? ':P-256' : '';
        for (const groups of [`X25519${read}`, 'P-256', `P-384${read}`]) {
          assert.match(await by(groups), /^TLS_/, `${version} ${groups}`);
        }
        for (const group of ['P-521', 'X448']) {
          assert.equal(await by(group), refusesAll, `${version} ${group}`);
        }
      }
    });

    test('nothing is signed with SHA-1', async () => {
      const sigalgs = kind === 'rsa' ? 'RSA+SHA1' : 'ECDSA+SHA1';
      const only = { maxVersion: 'TLSv1.2', ciphers: 'DEFAULT:@SECLEVEL=0', sigalgs };
      assert.equal(await outcome(kind, only), refusesAll);
    });
  });
}

describe('one handshake for each connection', () => {
  const port = () => servers.ecdsa.port;

  test('a client that wants to negotiate again is refused', async (t) => {
    const socket = await shake(port(), { maxVersion: 'TLSv1.2' });
    t.after(() => socket.destroy());
    const refused = once(socket, 'error');
    socket.renegotiate({}, () => {});
    const [{ code }] = await within(kRefusedMsMax, 'a refusal', refused);
    assert.equal(code, 'ERR_SSL_NO_RENEGOTIATION');
  });

  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    test(`${version}: no ticket is given, and no session taken up`, async () => {
      const only = { minVersion: version, maxVersion: version };
      const socket = await shake(port(), only);
      let sessions = 0;
      socket.on('session', () => {
        sessions += 1;
      });
      assert.match(await requested(socket, 'GET /livez HTTP/1.1'), /^HTTP\/1\.1 200/);
      assert.equal(socket.getTLSTicket(), undefined);
      const session = socket.getSession();
      socket.destroy();
      if (version === 'TLSv1.3') assert.equal(sessions, 0);
      const again = await shake(port(), { ...only, session });
      assert.equal(again.isSessionReused(), false);
      again.destroy();
    });
  }

  test('compression is not taken, nor a session remembered, whoever offers it', async () => {
    const wire = await Wire.open(port());
    wire.send(clientHello());
    const hello = await wire.until('a ServerHello', () =>
      wire.bytes.length > 100 ? readServerHello(wire.bytes) : undefined,
    );
    wire.close();
    assert.deepEqual(hello, { type: 2, sessionBytes: 0, compression: 0 });
  });

  test('early data is thrown away: a request in it is not answered', async (t) => {
    const stranger = await earlyDataServer(servers.ecdsa.files);
    t.after(() => stranger.kill());
    const session = join(authority.folder, 'session');
    const request = join(authority.folder, 'request');
    writeFileSync(request, 'GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await until('a session of another server', async () => {
      await sClientFor(500, stranger.port, '-tls1_3', '-sess_out', session);
      return existsSync(session);
    });
    const early = ['-tls1_3', '-sess_in', session, '-early_data', request];
    assert.match(await sClientFor(500, stranger.port, ...early), /Early data was accepted/);
    const said = await sClientFor(500, port(), ...early);
    assert.match(said, /Early data was rejected/);
    assert.match(said, /New, TLSv1\.3/);
    assert.doesNotMatch(said, /HTTP\/1\.1/);
  });
});

/** Somebody else's server, which does take early data. */
async function earlyDataServer({ chain, key }) {
  const free = net.createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address();
  free.close();
  await once(free, 'close');
  const own = ['-cert', chain, '-key', key, '-tls1_3', '-early_data', '-quiet'];
  const child = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, ...own], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  return { port, kill: () => child.kill() };
}

describe('names and protocols', () => {
  const port = () => servers.ecdsa.port;
  const protocol = (ALPNProtocols) =>
    outcome('ecdsa', { ALPNProtocols }, (socket) => socket.alpnProtocol);

  test('http/1.1 is the only protocol, and whoever cannot speak it is refused', async () => {
    assert.equal(await protocol(['h2', 'http/1.1']), 'http/1.1');
    assert.equal(await protocol(['http/1.1']), 'http/1.1');
    assert.equal(await protocol(undefined), false);
    const refused = 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';
    for (const other of ['h2', 'h3', 'http/1.0', 'ftp', 'imap']) {
      assert.equal(await protocol([other]), refused, other);
    }
  });

  test('a name in the handshake chooses nothing: there is one certificate', async () => {
    const own = await shownSerial(port());
    for (const servername of ['call.example', 'nobody.invalid', '', 'x'.repeat(200)]) {
      const shown = await outcome(
        'ecdsa',
        { servername },
        (socket) => socket.getPeerCertificate().serialNumber,
      );
      assert.equal(shown, own, servername);
    }
  });

  test('no certificate is asked of a client', async () => {
    assert.match(await sClient(port()), /No client certificate CA names sent/);
  });
});

describe('handshakes that never end', () => {
  const kMany = 200;
  const kTimeoutMs = 5_000;
  const kSlackMs = 2_500;

  /** From an address of its own, as a stranger's would be. */
  async function stranger(bytes) {
    const wire = new Wire();
    const from = { port: servers.ecdsa.port, host: '127.0.0.1', localAddress: '127.0.0.2' };
    wire.socket = net.connect(from);
    wire.socket.on('error', () => {});
    wire.socket.on('data', () => {});
    wire.socket.on('close', () => {
      wire.ended = true;
      wire.endedAfterMs = performance.now() - wire.opened;
    });
    await once(wire.socket, 'connect');
    wire.opened = performance.now();
    wire.send(bytes);
    return wire;
  }

  test(`${kMany} of them from one source are closed in time, and nobody else notices`, async () => {
    const server = servers.ecdsa;
    const hello = clientHello();
    const halves = [Buffer.alloc(0), hello.subarray(0, 3), hello.subarray(0, 40), hello];
    const wires = [];
    for (let n = 0; n < kMany; n += 1) wires.push(await stranger(halves[n % halves.length]));

    const scene = await server.scene();
    const begun = performance.now();
    const client = await seat(server.url, scene.client, scene, kSelfMade);
    assert.ok(performance.now() - begun < 2_000, 'a seat takes no longer than ever');
    for (let n = 0; n < 20; n += 1) (await shake(server.port)).destroy();
    const open = wires.filter(({ ended }) => !ended).length;
    assert.ok(open > kMany / 2, `${open} were still open while others were served`);

    const all = () => wires.every(({ ended }) => ended);
    await until('the end of all of them', all, kTimeoutMs + kSlackMs);
    const times = wires.map(({ endedAfterMs }) => endedAfterMs);
    assert.ok(Math.min(...times) > kTimeoutMs - 500, `not before: ${Math.min(...times)} ms`);
    assert.ok(Math.max(...times) < kTimeoutMs + kSlackMs, `in time: ${Math.max(...times)} ms`);
    await client.quiet();
    client.close();
  });

  test('a byte now and then buys no time', async () => {
    const hello = clientHello();
    const wire = await stranger(hello.subarray(0, 1));
    for (let at = 1; !wire.ended && at < 60; at += 1) {
      wire.send(hello.subarray(at, at + 1));
      await pause(200);
    }
    assert.ok(wire.ended, 'closed');
    assert.ok(wire.endedAfterMs < kTimeoutMs + kSlackMs, `${wire.endedAfterMs} ms`);
  });
});
