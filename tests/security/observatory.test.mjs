// SPDX-License-Identifier: Apache-2.0
// The page as Mozilla's HTTP Observatory grades it, without the internet: its own tests and scores,
// on the built server with TLS on this machine.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Stillroom } from '../contract/lib/stillroom.mjs';

const kRoot = fileURLToPath(new URL('../../', import.meta.url));
const kGrader = join(kRoot, '.tools/observatory/node_modules/@mdn/mdn-http-observatory');
const kScript = fileURLToPath(new URL('lib/observatory.mjs', import.meta.url));
const kHost = 'call.example';

const run = promisify(execFile);
const absent = existsSync(kGrader) ? false : 'the grader is not in .tools/observatory';

function certificateFor(folder) {
  const [key, certificate] = [join(folder, 'server-key'), join(folder, 'server-certificate')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const named = ['-subj', `/CN=${kHost}`, '-addext', `subjectAltName=DNS:${kHost},IP:127.0.0.1`];
  const files = ['-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', ...kind, ...named, ...files], { stdio: 'pipe' });
  return { key, certificate };
}

test('the page is graded A+', { skip: absent }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'stillroom-observatory-'));
  const { key, certificate } = certificateFor(folder);
  const server = await Stillroom.startStrict({
    STILLROOM_TLS_CERTIFICATE: certificate,
    STILLROOM_TLS_KEY: key,
    // The grader is no browser.
    STILLROOM_SECURITY_ALLOW_NON_BROWSER: 'true',
  });
  try {
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: certificate };
    const asked = [kScript, kGrader, kHost, String(server.port)];
    const { stdout } = await run(process.execPath, asked, { env });
    const { grade, score, tests, verified, status, outside } = JSON.parse(stdout);
    for (const { result, modifier } of tests) t.diagnostic(`${modifier} ${result}`);
    t.diagnostic(`${grade}, ${score}`);
    assert.equal(status, 200);
    assert.equal(verified, true);
    assert.deepEqual(outside, []);
    assert.deepEqual(
      tests.filter(({ pass }) => !pass),
      [],
    );
    assert.equal(grade, 'A+');
    // CSP, CORP 10 each; referrer, frames, SRI 5 each. The page sets no cookie.
    assert.equal(score, 135);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
