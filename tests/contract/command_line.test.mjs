// SPDX-License-Identifier: Apache-2.0
// The command line that scripts rely on (contract §10): without a server, beside a running one,
// and every way to be wrong with its sentence and exit code.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { kDone, kWrongUsage, refused, run } from './lib/command.mjs';
import { Stillroom } from './lib/stillroom.mjs';

const kSecret = '0123456789abcdef0123456789abcdef0123';

const folders = [];
function folder() {
  const made = mkdtempSync(join(tmpdir(), 'stillroom-command-'));
  folders.push(made);
  return made;
}
after(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

/** What a command that was carried out printed: one JSON document and nothing else. */
async function done(args, settings) {
  const { code, out, err } = await run([...args, '--json'], settings);
  assert.equal(code, kDone, err);
  assert.equal(err, '');
  assert.equal(out.trim().split('\n').length, 1);
  return JSON.parse(out);
}

const addUser = (id, role, ...where) => {
  const named = ['--id', id, '--role', role, '--name', `Name of ${id}`];
  return ['user', 'add', ...named, ...where];
};
const kSession = { start: '2030-01-02T03:04:05Z', minutes: '50', client: 'ana', therapist: 'tea' };
const addSession = (change = {}) => {
  const options = Object.entries({ ...kSession, ...change });
  return ['session', 'add', ...options.flatMap(([name, value]) => [`--${name}`, value])];
};

/** Every administrative command once; `where` says on which data. */
async function tour(where, settings) {
  const say = (...args) => done([...args, ...where], settings);
  assert.deepEqual(await say(...addUser('ana', 'client')), {
    id: 'ana',
    name: 'Name of ana',
    role: 'client',
    status: 'active',
  });
  await say(...addUser('tea', 'therapist'));
  const people = (await say('user', 'list')).users;
  assert.deepEqual(
    people.filter(({ id }) => id === 'ana' || id === 'tea').map(({ id, role }) => [id, role]),
    [
      ['ana', 'client'],
      ['tea', 'psychologist'],
    ],
  );
  const added = await say(...addSession({ type: 'individual', payment: 'pending' }));
  assert.match(added.sessionId, /^[0-9a-f-]{36}$/);
  assert.match(added.roomId, /^room-[0-9a-f-]{36}$/);
  const listed = async () =>
    (await say('session', 'list')).sessions.find(({ id }) => id === added.sessionId);
  assert.equal((await listed()).status, 'confirmed');
  assert.equal((await listed()).payment, 'pending');
  const { token } = await say('token', 'mint', '--user', 'ana', '--ttl', '5m');
  const { exp, iat } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  assert.equal(exp - iat, 300);
  const link = await say('link', 'mint', '--user', 'ana', '--session', added.sessionId);
  assert.equal(link.path, `/#code=${link.code}`);
  await say('session', 'cancel', '--id', added.sessionId);
  assert.equal((await listed()).status, 'cancelled');
  assert.equal((await say('user', 'disable', '--id', 'ana')).status, 'inactive');
  assert.equal((await say('user', 'enable', '--id', 'ana')).status, 'active');
  assert.equal((await say('user', 'disable', '--id', 'ana')).status, 'inactive');

  const nobody = ['--user', 'nobody', '--session', added.sessionId];
  for (const [args, sentence, code] of [
    [addUser('tea', 'client'), /The user 'tea' exists already/],
    [addUser('king', 'king'), /--role is client, therapist or admin/, kWrongUsage],
    [addUser('a b', 'client'), /A user id has 1 to 128 of/],
    [['user', 'disable', '--id', 'nobody'], /There is no user 'nobody'/],
    [['user', 'enable', '--id', 'nobody'], /There is no user 'nobody'/],
    [addSession(), /The user 'ana' is disabled/],
    [addSession({ start: 'yesterday' }), /--start is no RFC 3339 time/, kWrongUsage],
    [addSession({ type: 'crowd' }), /--type is individual, couples/, kWrongUsage],
    [addSession({ minutes: '1000' }), /A session has 5 to 600 minutes/],
    [['session', 'cancel', '--id', added.sessionId], /is cancelled and cannot be cancelled/],
    [['session', 'cancel', '--id', 'none'], /There is no session 'none'/],
    [['token', 'mint', '--user', 'ana'], /The user 'ana' is disabled/],
    [['token', 'mint', '--user', 'tea', '--ttl', '30d'], /A token lives from 1 second to/],
    [['token', 'mint', '--user', 'tea', '--ttl', 'soon'], /--ttl: is no duration/, kWrongUsage],
    [['link', 'mint', ...nobody], /There is no user 'nobody'/],
  ]) {
    await refused([...args, ...where], sentence, { settings, code });
  }
}

describe('without a server', () => {
  test('every command works on the data folder, and its mistakes have sentences', async () => {
    await tour(['--data', folder()], { JWT_SECRET: kSecret });
  });

  test('people and sessions need no secret; tokens say that one is missing', async () => {
    const where = ['--data', folder()];
    await done([...addUser('ana', 'client'), ...where]);
    await done([...addUser('tea', 'therapist'), ...where]);
    await done([...addSession(), ...where]);
    await refused(['token', 'mint', '--user', 'ana', ...where], /set JWT_SECRET/);
  });

  test('db: nothing yet, migrated, migrated again', async () => {
    const where = ['--data', folder()];
    const before_ = await done(['db', 'status', ...where]);
    assert.equal(before_.version, 0);
    assert.notDeepEqual(before_.pending, []);
    const { migrations } = await done(['db', 'migrate', ...where]);
    assert.equal(migrations, before_.newest);
    assert.deepEqual(await done(['db', 'status', ...where]), {
      version: before_.newest,
      newest: before_.newest,
      sound: true,
      pending: [],
    });
    assert.equal((await done(['db', 'migrate', ...where])).migrations, 0);
  });

  test('nothing is counted', async () => {
    await refused(['metrics', '--data', folder()], /No server runs on this data folder/);
  });

  test('a file that is no database is refused and left alone', async () => {
    const data = folder();
    writeFileSync(join(data, 'stillroom.db'), 'these are not the pages of a database'.repeat(99));
    await refused(['user', 'list', '--data', data], /stillroom\.db/);
  });

  test('version', async () => {
    const { version } = await done(['version']);
    assert.match(version, /^\d+\.\d+\.\d+$/);
    assert.equal((await run(['version'])).out, `${version}\n`);
  });

  test('wrong usage: exit 2, and where to read more', async () => {
    for (const args of [
      [],
      ['frob'],
      ['user'],
      ['user', 'add', '--id', 'x'],
      ['user', 'list', '--limit', 'many'],
      ['serve', '--lan'],
      ['version', '--loud'],
    ]) {
      await refused(args, /--help/, { code: kWrongUsage });
    }
    const help = await run(['--help']);
    assert.equal(help.code, kDone);
    for (const command of ['serve', 'user', 'session', 'token', 'link', 'db', 'config']) {
      assert.match(help.out, new RegExp(`^ +${command} `, 'm'));
    }
  });
});

describe('beside a running server', () => {
  let server;
  before(async () => {
    server = await Stillroom.start();
  });
  after(() => server?.stop());

  test('the same commands, the same answers, by its control socket', async () => {
    await tour(['--data', server.data], server.environment);
  });

  test('the control socket is for this account only', () => {
    assert.equal(statSync(join(server.data, 'control.sock')).mode & 0o777, 0o600);
  });

  test('a second server on the same data is refused', async () => {
    await refused(
      ['serve', '--dev', '--listen', '127.0.0.1:0', '--data', server.data],
      /another process|in use|runs already/i,
      { settings: server.environment },
    );
  });
});

describe('settings', () => {
  test('an unknown key: file, line and the nearest known one', async () => {
    const file = join(folder(), 'wrong.toml');
    writeFileSync(file, '\n[server]\nlisten = "127.0.0.1:1"\nlissten = "x"\n');
    const settings = { JWT_SECRET: kSecret };
    const sentence = /wrong\.toml:4: unknown key server\.lissten; did you mean server\.listen\?/;
    await refused(['config', 'check', '--config', file], sentence, { settings });
    await refused(['serve', '--config', file], sentence, { settings });
  });

  test('an unknown variable of ours is a warning with the nearest name', async () => {
    const settings = { JWT_SECRET: kSecret, STILLROOM_SERVER_LISSTEN: 'x' };
    const { code, err } = await run(['config', 'check'], settings);
    assert.equal(code, kDone);
    assert.match(err, /STILLROOM_SERVER_LISSTEN .*did you mean STILLROOM_SERVER_LISTEN\?/);
  });

  test('a secret by file is read, and printed masked', async () => {
    const file = join(folder(), 'jwt.secret');
    writeFileSync(file, `${kSecret}\n`);
    chmodSync(file, 0o600);
    const settings = {
      JWT_SECRET_FILE: file,
      STILLROOM_SERVER_PUBLIC_ORIGIN: 'https://call.example',
    };
    const printed = await run(['config', 'print'], settings);
    assert.equal(printed.code, kDone, printed.err);
    assert.ok(!printed.out.includes(kSecret));
    assert.match(printed.out, /jwt_secret = "\(set\)"/);
    const document = JSON.parse((await run(['config', 'print', '--json'], settings)).out);
    assert.equal(document['security.jwt_secret'], '(set)');
    assert.equal(document['server.public_origin'], 'https://call.example');
    assert.equal(document['server.workers'], 0);
  });

  const starts = [
    ['no secret', {}, [], /JWT_SECRET .*is missing/],
    ['a short secret', { JWT_SECRET: 'short' }, [], /JWT_SECRET .*only 5 bytes/],
    ['dev in production', { NODE_ENV: 'production' }, ['--dev'], /NODE_ENV=production/],
    ['dev in production by our own name', { STILLROOM_ENV: 'production' }, ['--dev'], /production/],
    [
      'dev for the network in production',
      { NODE_ENV: 'production' },
      ['--dev', '--lan'],
      /NODE_ENV/,
    ],
    ['dev on all addresses', {}, ['--dev', '--listen', '0.0.0.0:0'], /--dev --lan/],
    ['dev on all addresses of IPv6', {}, ['--dev', '--listen', '[::]:0'], /--dev --lan/],
    ['dev on an address of the network', {}, ['--dev', '--listen', '192.0.2.1:0'], /--dev --lan/],
  ];
  for (const [what, settings, args, sentence] of starts) {
    test(`${what} stops the start`, () =>
      refused(['serve', '--data', folder(), ...args], sentence, { settings }));
  }

  test('a taken port stops the start', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = `127.0.0.1:${other.address().port}`;
    await refused(
      ['serve', '--dev', '--listen', address, '--data', folder()],
      new RegExp(address.replaceAll('.', '\\.')),
    );
    other.close();
  });

  test('--dev --lan: HTTPS with a certificate of its own, and no plain HTTP', async () => {
    const server = await Stillroom.start({}, ['--lan']);
    try {
      assert.match(server.url, /^https:/);
      const status = await new Promise((resolve, reject) => {
        get(`${server.url}/livez`, { rejectUnauthorized: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).on('error', reject);
      });
      assert.equal(status, 200);
      await assert.rejects(fetch(`http://127.0.0.1:${server.port}/livez`));
    } finally {
      assert.equal(await server.stop(), 0);
    }
  });
});
