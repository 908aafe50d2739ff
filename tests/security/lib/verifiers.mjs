// SPDX-License-Identifier: Apache-2.0
// The two who are asked: the shipped verifier, alone in a program, and npm's `jose`, set up to the
// same rules as far as it knows them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importJWK, jwtVerify } from 'jose';
import { outputOf } from '../../lib/output.mjs';
import { encode, kAlgorithms, kAudience, kIssuer, kNow } from './keys.mjs';

const kOracle =
  process.env.STILLROOM_TOKEN_ORACLE ??
  fileURLToPath(new URL('../../../build/tests/security/token_oracle', import.meta.url));

/** Lines to the oracle, lines back. */
async function askOracle(signer, lines, flags) {
  const folder = mkdtempSync(join(tmpdir(), 'stillroom-oracle-'));
  try {
    const keys = join(folder, 'keys.json');
    const jwks = signer.jwks();
    const rules = { issuer: kIssuer, audience: kAudience };
    writeFileSync(keys, JSON.stringify({ secret: signer.secret, ...rules, jwks }));
    const child = spawn(kOracle, [keys, String(kNow), ...flags]);
    const said = outputOf(child);
    child.stdin.on('error', () => {}); // its complaint stands on standard error
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`token_oracle ended with ${code}: ${said.err}`);
    return said.out.trimEnd().split('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const bytesOf = (token) => Buffer.from(token, /^[\0-\xff]*$/.test(token) ? 'latin1' : 'utf8');

/** For each token `{accepted, id, code, step}`. */
export async function ours(signer, tokens) {
  const lines = await askOracle(
    signer,
    tokens.map((token) => encode(bytesOf(token))),
    [],
  );
  if (lines.length !== tokens.length) throw new Error(`${lines.length} answers`);
  return lines.map((line) => {
    const [word, first, step] = line.split(' ');
    return word === 'accept'
      ? { accepted: true, id: first }
      : { accepted: false, code: first, step };
  });
}

/** `orders` is a list of [count, token]; what became of the mutations of each. */
export async function mutations(signer, orders, seed) {
  const lines = orders.map(([count, token]) => `${count} ${token}`);
  const answers = await askOracle(signer, lines, ['--mutate', String(seed)]);
  return answers.map((line) => {
    const [, tried, accepted, identical, first] =
      /^tried (\d+) accepted (\d+) identical (\d+) first ?(.*)$/.exec(line);
    return {
      tried: Number(tried),
      accepted: Number(accepted),
      identical: Number(identical),
      first,
    };
  });
}

/** A function that says what `jose` thinks of a token: nothing when it is good, else its code. */
export async function jose(signer) {
  const table = new Map();
  for (const alg of kAlgorithms.slice(1)) {
    table.set(signer.kid(alg), await importJWK(signer.jwk(alg), alg));
  }
  const secret = new TextEncoder().encode(signer.secret);
  const keyOf = ({ kid, alg }) => {
    const key = kid === undefined && alg === 'HS256' ? secret : table.get(kid);
    if (!key) throw new Error('no such key');
    return key;
  };
  const rules = {
    algorithms: kAlgorithms,
    issuer: kIssuer,
    audience: kAudience,
    requiredClaims: ['exp'],
    clockTolerance: 30,
    currentDate: new Date(kNow * 1000),
  };
  return async (token) => {
    try {
      await jwtVerify(token, keyOf, rules);
      return undefined;
    } catch (error) {
      return error.code ?? error.message;
    }
  };
}
