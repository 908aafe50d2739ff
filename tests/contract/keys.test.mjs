// SPDX-License-Identifier: Apache-2.0
// Whose signature opens the door: an issuer's public keys from a JWKS file, a secret and the one
// before it; and that each key opens by its own algorithm only.
import assert from 'node:assert/strict';
import { constants, createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Client } from './lib/client.mjs';
import { refused } from './lib/command.mjs';
import { Stillroom } from './lib/stillroom.mjs';
import { claimsOf, sign } from './lib/tokens.mjs';

const kOld = 'the secret of last year: 32 bytes long';
const kNew = 'the secret of this year: 32 bytes long';

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
const p1363 = { dsaEncoding: 'ieee-p1363' };
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const kinds = {
  RS256: { pair: rsa(), digest: 'sha256', options: {} },
  PS256: { pair: rsa(), digest: 'sha256', options: pss },
  ES256: {
    pair: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    digest: 'sha256',
    options: p1363,
  },
  EdDSA: { pair: generateKeyPairSync('ed25519'), digest: undefined, options: {} },
};

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token signed with the key of `kind`; `header` may lie about it. */
function signed(kind, claims, header = { alg: kind, kid: `key-${kind}` }) {
  const { pair, digest, options } = kinds[kind];
  const text = `${encode(header)}.${encode(claims)}`;
  const signature = signWith(digest, Buffer.from(text), { key: pair.privateKey, ...options });
  return `${text}.${signature.toString('base64url')}`;
}

const publicKeys = () =>
  Object.entries(kinds).map(([alg, { pair }]) => ({
    ...pair.publicKey.export({ format: 'jwk' }),
    kid: `key-${alg}`,
    use: 'sig',
    alg,
  }));

const folder = mkdtempSync(join(tmpdir(), 'stillroom-keys-'));
after(() => rmSync(folder, { recursive: true, force: true }));
function jwksFile(name, keys) {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ keys }));
  return path;
}

const opens = async (server, token) => {
  const client = await new Client(server.url, { auth: { token } }).connect();
  client.close();
};
const refuses = async (server, token) => {
  const error = await new Client(server.url, { auth: { token } }).refused();
  assert.equal(error.message, 'Authentication failed');
  assert.equal(error.data.code, 'token_invalid');
};

describe('public keys of an issuer', () => {
  let server;
  let claims;
  before(async () => {
    const jwks = jwksFile('issuer.json', publicKeys());
    server = await Stillroom.start({ STILLROOM_SECURITY_JWKS_FILE: jwks });
    claims = claimsOf(await server.person('client'));
  });
  after(() => server?.stop());

  for (const kind of Object.keys(kinds)) {
    test(`${kind}: its token opens, a changed one does not`, async () => {
      const token = signed(kind, claims);
      await opens(server, token);
      const [header, , signature] = token.split('.');
      await refuses(server, `${header}.${encode({ ...claims, more: 1 })}.${signature}`);
    });

    test(`${kind}: no other algorithm's name on its signature`, async () => {
      for (const alg of ['HS256', 'none', ...Object.keys(kinds)]) {
        if (alg === kind) continue;
        await refuses(server, signed(kind, claims, { alg, kid: `key-${kind}` }));
      }
    });

    test(`${kind}: its public key is no HMAC secret`, async () => {
      const { publicKey } = kinds[kind].pair;
      const header = { alg: 'HS256', kid: `key-${kind}` };
      for (const secret of [
        publicKey.export({ format: 'pem', type: 'spki' }),
        publicKey.export({ format: 'der', type: 'spki' }),
        JSON.stringify(publicKey.export({ format: 'jwk' })),
      ]) {
        const text = `${encode(header)}.${encode(claims)}`;
        const tag = createHmac('sha256', secret).update(text).digest('base64url');
        await refuses(server, `${text}.${tag}`);
      }
    });

    test(`${kind}: a token that names no key or another one`, async () => {
      await refuses(server, signed(kind, claims, { alg: kind }));
      await refuses(server, signed(kind, claims, { alg: kind, kid: 'key-nobody' }));
    });
  }

  test('the configured secret still opens', async () => {
    await opens(server, sign(server.secret, claims));
  });
});

describe('a secret that rotates', () => {
  let server;
  let claims;
  before(async () => {
    server = await Stillroom.start({ JWT_SECRET: kOld });
    claims = claimsOf(await server.person('client'));
  });
  after(() => server?.stop());

  test('new and old open while both stand there, then only the new one', async () => {
    const minted = (await server.cli('token', 'mint', '--user', claims.user.id)).token;
    await opens(server, sign(kOld, claims));
    await refuses(server, sign(kNew, claims));

    const again = async (secret) => {
      await server.kill();
      server.environment.JWT_SECRET = secret;
      await server.run();
    };
    await again(`${kNew},${kOld}`);
    for (const token of [sign(kOld, claims), sign(kNew, claims), minted]) {
      await opens(server, token);
    }
    await refuses(server, sign(`${kNew},${kOld}`, claims));
    const fresh = (await server.cli('token', 'mint', '--user', claims.user.id)).token;

    await again(kNew);
    await opens(server, fresh);
    for (const token of [sign(kOld, claims), minted]) await refuses(server, token);
  });
});

describe('a key set that is wrong stops the start', () => {
  const jwk = (change) => ({ ...publicKeys()[2], ...change });
  const wrong = {
    'not there': [() => join(folder, 'absent.json'), /absent\.json cannot be read/],
    'no key': [() => jwksFile('empty.json', []), /holds no key for RS256/],
    'a private key': [
      () => jwksFile('private.json', [kinds.ES256.pair.privateKey.export({ format: 'jwk' })]),
      /key 1 is private or secret/,
    ],
    'off the curve': [() => jwksFile('curve.json', [jwk({ x: jwk().y })]), /key 1 is no ES256 key/],
    'one kid twice': [() => jwksFile('twice.json', [jwk(), jwk()]), /key 2 has the kid of another/],
  };
  for (const [what, [path, sentence]] of Object.entries(wrong)) {
    test(what, () => {
      const settings = { JWT_SECRET: kNew, STILLROOM_SECURITY_JWKS_FILE: path() };
      const args = ['serve', '--dev', '--listen', '127.0.0.1:0', '--data', folder];
      return refused(args, sentence, { settings });
    });
  }
});
