// SPDX-License-Identifier: Apache-2.0
// Tokens at the door: thousands of kinds of forgery, a million mutations, and a second verifier's
// opinion of each kind. Ours never takes what npm's `jose` refuses; where ours alone refuses, the
// case names the rule.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, test } from 'node:test';
import { claimDefects } from './lib/claims.mjs';
import { encodingDefects, isCanonical, kCanonical, oddButGood } from './lib/encodings.mjs';
import { headerDefects } from './lib/headers.mjs';
import { kAlgorithms, Signer } from './lib/keys.mjs';
import { confusions, signatureDefects } from './lib/signatures.mjs';
import { jose, mutations, ours } from './lib/verifiers.mjs';

const kKindsMin = 2000;
/** Of each algorithm; a public key's check costs up to a hundred times an HMAC. */
const kMutations = {
  HS256: 400_000,
  RS256: 200_000,
  PS256: 200_000,
  ES256: 120_000,
  EdDSA: 80_000,
};
const kComparedMutations = 4000;

const signer = new Signer();
const families = {
  headers: headerDefects,
  claims: claimDefects,
  encodings: encodingDefects,
  signatures: signatureDefects,
  confusions,
};

/** Every forgery of one family and algorithm, one of each kind: a name stands for one. */
function forgeries(family, alg) {
  const cases = [...families[family](signer, alg)];
  return [...new Map(cases.map((forgery) => [forgery.what, forgery])).values()];
}

let kinds = 0;
let oursAlone = 0;

describe('forgeries', () => {
  for (const family of Object.keys(families)) {
    for (const alg of kAlgorithms) {
      test(`${family} of ${alg}: none is taken, and each falls by its own rule`, async () => {
        const cases = forgeries(family, alg);
        const tokens = cases.map(({ token }) => token);
        const answers = await ours(signer, tokens);
        const asked = await jose(signer);
        for (const [
          index,
          { what, token, step, code = 'token_invalid', rule },
        ] of cases.entries()) {
          const answer = answers[index];
          assert.ok(!answer.accepted, `${alg}, ${what}: taken`);
          assert.equal(answer.code, code, `${alg}, ${what}`);
          assert.equal(answer.step, step, `${alg}, ${what}: fell by another rule`);
          if ((await asked(token)) === undefined) {
            assert.ok(rule, `${alg}, ${what}: ours alone refuses it and the case names no rule`);
            oursAlone += 1;
          }
        }
        kinds += cases.length;
      });
    }
  }

  test('there are thousands of kinds', (t) => {
    t.diagnostic(`${kinds} kinds of forgery, 0 taken; ${oursAlone} of them jose would take`);
    assert.ok(kinds >= kKindsMin, `${kinds} kinds`);
  });
});

describe('good tokens', () => {
  for (const alg of kAlgorithms) {
    test(`${alg}: odd but good ones are taken by both`, async () => {
      const cases = [...oddButGood(signer, alg)];
      const answers = await ours(
        signer,
        cases.map(([, token]) => token),
      );
      const asked = await jose(signer);
      for (const [index, [what, token]] of cases.entries()) {
        assert.deepEqual(answers[index], { accepted: true, id: 'ada' }, what);
        assert.equal(await asked(token), undefined, `${what}: jose refuses it`);
      }
    });
  }

  test('ES256: the mirrored signature (r, n − s) is the same statement, and both take it', async () => {
    // FIPS 186-5 has two signatures for each; it lets nobody say anything that was not signed.
    const [header, payload, signature] = signer.token('ES256').split('.');
    const bytes = Buffer.from(signature, 'base64url');
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
    const mirrored = Buffer.from(s.toString(16).padStart(64, '0'), 'hex');
    const twin = Buffer.concat([bytes.subarray(0, 32), mirrored]).toString('base64url');
    const token = `${header}.${payload}.${twin}`;
    assert.deepEqual(await ours(signer, [token]), [{ accepted: true, id: 'ada' }]);
    assert.equal(await (await jose(signer))(token), undefined);
  });
});

describe('mutations', () => {
  test('a million of good tokens: only the tokens themselves are taken', async (t) => {
    const seed = Number(process.env.STILLROOM_SEED ?? randomInt(2 ** 40));
    t.diagnostic(`STILLROOM_SEED=${seed}`);
    const orders = kAlgorithms.map((alg) => [kMutations[alg], signer.token(alg)]);
    const counts = await mutations(signer, orders, seed);
    for (const [index, { tried, accepted, first }] of counts.entries()) {
      const alg = kAlgorithms[index];
      t.diagnostic(`${alg}: ${tried} mutations, ${accepted} taken`);
      assert.equal(tried, kMutations[alg]);
      assert.equal(accepted, 0, `${alg}, seed ${seed}: ${first}`);
    }
  });

  for (const alg of kAlgorithms) {
    test(`${alg}: a second verifier takes every one that ours takes`, async (t) => {
      const good = [...oddButGood(signer, alg)].map(([, token]) => token);
      const tokens = Array.from({ length: kComparedMutations }, () => mutated(good));
      const answers = await ours(signer, tokens);
      const asked = await jose(signer);
      const count = { both: 0, neither: 0, oursAloneRefuses: 0 };
      for (const [index, token] of tokens.entries()) {
        const { accepted } = answers[index];
        const theirs = await asked(token);
        assert.ok(
          !accepted || theirs === undefined,
          `ours takes what jose refuses (${theirs}): ${token}`,
        );
        if (!accepted && theirs === undefined) {
          assert.equal(ruleOf(token), kCanonical, `ours alone refuses, by no rule: ${token}`);
          count.oursAloneRefuses += 1;
        } else count[accepted ? 'both' : 'neither'] += 1;
      }
      t.diagnostic(JSON.stringify(count));
      assert.ok(count.both > 0 && count.neither > 0);
    });
  }
});

/** A good token, or one with a character or two put in, taken out, replaced or made lax. */
function mutated(good) {
  let text = good[randomInt(good.length)];
  const odd = 'AZaz09-_=+/ .\n';
  for (let changes = randomInt(3); changes > 0; changes -= 1) {
    const at = randomInt(text.length);
    const byte = odd[randomInt(odd.length)];
    const cut = randomInt(2);
    text = text.slice(0, at) + (randomInt(4) ? byte : '') + text.slice(at + cut);
  }
  return text;
}

function ruleOf(token) {
  const segments = token.split('.');
  return segments.length === 3 && segments.every(isCanonical) ? undefined : kCanonical;
}
