// SPDX-License-Identifier: Apache-2.0
// A certificate that is renewed while the server runs: newcomers are shown the new one, nobody is
// dropped, and what cannot be used changes nothing. What the authority says of it is stapled.
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Authority } from './lib/authority.mjs';
import { closeAll, seat } from './lib/client.mjs';
import { refused } from './lib/command.mjs';
import { sClient, shownSerial } from './lib/handshake.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { pause, until } from './lib/waiting.mjs';

const kTakenUpMsMax = 15_000;
const kWorkers = 3;
const kSelfMade = { rejectUnauthorized: false };

const authority = new Authority();
after(() => authority.close());

let folders = 0;
/** Where a server's files lie, and the ways in which people change them. */
class Files {
  constructor(issued) {
    folders += 1;
    this.folder = join(authority.folder, `files-${folders}`);
    mkdirSync(this.folder);
    this.replace(issued);
  }
  at(name) {
    return join(this.folder, name);
  }
  get settings() {
    return {
      STILLROOM_TLS_CERTIFICATE: this.at('fullchain.pem'),
      STILLROOM_TLS_KEY: this.at('privkey.pem'),
      STILLROOM_TLS_OCSP: this.at('ocsp.der'),
      STILLROOM_SERVER_WORKERS: `${kWorkers}`,
      STILLROOM_SECURITY_ALLOW_NON_BROWSER: 'true',
    };
  }
  replaceOne(name, text) {
    writeFileSync(this.at('new'), text);
    renameSync(this.at('new'), this.at(name));
  }
  replace({ chain, key }) {
    this.replaceOne('fullchain.pem', chain);
    this.replaceOne('privkey.pem', key);
  }
  overwrite({ chain, key }) {
    writeFileSync(this.at('fullchain.pem'), chain);
    writeFileSync(this.at('privkey.pem'), key);
  }
  /** A folder of its own, and one link that decides which folder is meant. */
  relink({ serial, chain, key }) {
    mkdirSync(this.at(serial));
    writeFileSync(join(this.at(serial), 'fullchain.pem'), chain);
    writeFileSync(join(this.at(serial), 'privkey.pem'), key);
    symlinkSync(serial, this.at('new'));
    renameSync(this.at('new'), this.at('current'));
    for (const name of ['fullchain.pem', 'privkey.pem']) {
      if (existsSync(this.at(`linked-${name}`))) continue;
      symlinkSync(join('current', name), this.at(`linked-${name}`));
      unlinkSync(this.at(name));
      renameSync(this.at(`linked-${name}`), this.at(name));
      symlinkSync(join('current', name), this.at(`linked-${name}`));
    }
  }
}

/** All workers show this one: the kernel spreads newcomers over them. */
async function shownEverywhere(server, { serial }) {
  const shown = async () => (await shownSerial(server.port)) === serial;
  await until(`certificate ${serial}`, shown, kTakenUpMsMax);
  // The others hear of it in the same moment, in their mailboxes.
  await until(
    'the same on every worker',
    async () => {
      for (let n = 0; n < kWorkers * 8; n += 1) if (!(await shown())) return false;
      return true;
    },
    kTakenUpMsMax,
  );
}

const told = (server, event) =>
  server.log
    .split('\n')
    .filter((line) => line.includes(`"${event}"`))
    .map((line) => JSON.parse(line));
const hears = (server, event, count) =>
  until(`${event}, ${count} times`, () => told(server, event).length >= count, kTakenUpMsMax);

describe('a certificate that is renewed', () => {
  let files;
  let server;
  let first;
  before(async () => {
    first = authority.issue();
    files = new Files(first);
    server = await Stillroom.startStrict(files.settings);
  });
  after(async () => {
    closeAll();
    assert.equal(await server?.stop(), 0);
  });

  test('each way of changing the files is noticed, and nobody is dropped', async () => {
    const scene = await server.scene();
    const stayer = await seat(server.url, scene.client, scene, kSelfMade);
    assert.equal(await shownSerial(server.port), first.serial);
    const ways = { renamed: 'replace', overwritten: 'overwrite', 'behind a link': 'relink' };
    for (const way of [...Object.values(ways), 'relink']) {
      const next = authority.issue();
      files[way](next);
      await shownEverywhere(server, next);
    }
    await stayer.quiet();
    assert.equal(stayer.disconnected, undefined);
    const other = await seat(server.url, scene.therapist, scene, kSelfMade);
    await stayer.through('user-joined');
    other.close();
    stayer.close();
  });

  test('SIGHUP takes it up at once, and again without a change', async () => {
    const next = authority.issue();
    files.replace(next);
    const before = Date.now();
    server.signal('SIGHUP');
    await until('the new one', async () => (await shownSerial(server.port)) === next.serial, 1_500);
    assert.ok(Date.now() - before < 1_500);
    server.signal('SIGHUP');
    await pause(200);
    assert.equal(await shownSerial(server.port), next.serial);
    assert.ok(server.running);
  });

  test('a pair that does not belong together leaves the old one, and says so', async () => {
    const [old, next] = [await shownSerial(server.port), authority.issue()];
    const before = told(server, 'tls_certificate_not_read').length;
    files.replaceOne('fullchain.pem', next.chain);
    await hears(server, 'tls_certificate_not_read', before + 1);
    const { level, reason, ...said } = told(server, 'tls_certificate_not_read').at(-1);
    assert.equal(level, 'warning');
    assert.equal(reason, 'key_of_another');
    assert.equal(said.old_stays, true);
    assert.ok(!JSON.stringify(said).includes(files.folder), 'no path in the log');
    assert.equal(await shownSerial(server.port), old);
    files.replaceOne('privkey.pem', next.key);
    server.signal('SIGHUP');
    await shownEverywhere(server, next);
  });

  test('files that are gone or empty leave the old one', async () => {
    const old = await shownSerial(server.port);
    const before = told(server, 'tls_certificate_not_read').length;
    rmSync(files.at('privkey.pem'));
    server.signal('SIGHUP');
    await hears(server, 'tls_certificate_not_read', before + 1);
    writeFileSync(files.at('privkey.pem'), '');
    server.signal('SIGHUP');
    await hears(server, 'tls_certificate_not_read', before + 2);
    const reasons = told(server, 'tls_certificate_not_read').map(({ reason }) => reason);
    assert.deepEqual(reasons.slice(-2), ['key_unreadable', 'key_malformed']);
    assert.equal(await shownSerial(server.port), old);
    files.replace(authority.issue());
  });

  test('its end is a metric', async () => {
    const next = authority.issue({ days: 40 });
    files.replace(next);
    server.signal('SIGHUP');
    await shownEverywhere(server, next);
    const { exposition } = await server.cli('metrics');
    const [, end] = /^stillroom_tls_certificate_expires (\d+)$/m.exec(exposition);
    const days = (Number(end) - Date.now() / 1000) / 86_400;
    assert.ok(days > 39.9 && days <= 40, `${days}`);
  });

  test('one that ends soon is warned of at once', async () => {
    const before = told(server, 'tls_certificate_expires_soon').length;
    files.replace(authority.issue({ days: 13 }));
    server.signal('SIGHUP');
    await hears(server, 'tls_certificate_expires_soon', before + 1);
    assert.equal(told(server, 'tls_certificate_expires_soon').at(-1).days_left, 12);
  });
});

describe('what the authority says of a certificate', () => {
  let files;
  let server;
  let own;
  before(async () => {
    own = authority.issue();
    files = new Files(own);
    server = await Stillroom.startStrict(files.settings);
  });
  after(async () => {
    assert.equal(await server?.stop(), 0);
  });
  const status = () => sClient(server.port, '-status');
  const becomes = (what, pattern) =>
    until(what, async () => pattern.test(await status()), kTakenUpMsMax);
  const kNone = /OCSP response: no response sent/;
  const kGood = /OCSP Response Status: successful.*Cert Status: good/s;

  test('nothing is stapled while there is no file', async () => {
    assert.match(await status(), kNone);
  });

  test('a response is stapled from when its file is there', async () => {
    files.replaceOne('ocsp.der', authority.word(own));
    await becomes('a stapled response', kGood);
    assert.match(await status(), new RegExp(`Serial Number: ${own.serial}`));
    // The client checks it as a browser would.
    const checked = await sClient(server.port, '-status', '-CAfile', authority.certificate);
    assert.match(checked, /Verify return code: 0 \(ok\)/);
    assert.match(await sClient(server.port, '-status', '-tls1_2'), kGood);
    assert.doesNotMatch(await sClient(server.port), /OCSP Response Status/, 'only when asked');
  });

  for (const [what, reason, word] of [
    ['about another certificate', 'of_another', () => authority.word(authority.issue())],
    ['that says revoked', 'not_good', () => authority.word(own, 'R')],
    ['that is none', 'malformed', () => 'nonsense'],
  ]) {
    test(`one ${what} is not taken, and the good one stays`, async () => {
      const before = told(server, 'tls_ocsp_not_read').length;
      files.replaceOne('ocsp.der', word());
      server.signal('SIGHUP');
      await hears(server, 'tls_ocsp_not_read', before + 1);
      assert.equal(told(server, 'tls_ocsp_not_read').at(-1).reason, reason);
      assert.match(await status(), kGood);
    });
  }

  test('with a new certificate the old response goes, with its own it comes', async () => {
    const next = authority.issue();
    files.replace(next);
    server.signal('SIGHUP');
    await shownEverywhere(server, next);
    assert.match(await status(), kNone);
    files.replaceOne('ocsp.der', authority.word(next));
    server.signal('SIGHUP');
    await becomes('the new response', kGood);
  });

  test('without its file it goes', async () => {
    rmSync(files.at('ocsp.der'));
    await becomes('no response', kNone);
  });
});

describe('a pair that cannot be used stops the start', () => {
  const own = () => authority.issue();
  const wrong = {
    'no certificate': [() => ({ ...own(), chain: undefined }), /tls\.certificate cannot be read/],
    'no key': [() => ({ ...own(), key: undefined }), /tls\.key cannot be read/],
    'a certificate that is none': [
      () => ({ ...own(), chain: 'x' }),
      /tls\.certificate must be a PEM/,
    ],
    'a key that is none': [() => ({ ...own(), key: 'x' }), /tls\.key must be a PEM file/],
    'the key of another': [() => ({ ...own(), key: own().key }), /tls\.key is not the key of/],
    'a key with a passphrase': [
      () => ({ ...own(), key: withPassphrase(own().key) }),
      /without a passphrase/,
    ],
  };
  for (const [what, [made, sentence]] of Object.entries(wrong)) {
    test(what, async () => {
      const pair = made();
      const files = new Files({ chain: pair.chain ?? '', key: pair.key ?? '' });
      if (pair.chain === undefined) rmSync(files.at('fullchain.pem'));
      if (pair.key === undefined) rmSync(files.at('privkey.pem'));
      const settings = { JWT_SECRET: 'a secret that is long enough: 32 bytes', ...files.settings };
      const args = ['serve', '--listen', '127.0.0.1:0', '--data', files.at('data')];
      await refused(args, sentence, { settings });
    });
  }
});

function withPassphrase(key) {
  const cipher = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'secret' };
  return createPrivateKey(key).export(cipher);
}
