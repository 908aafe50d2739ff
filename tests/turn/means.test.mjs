// SPDX-License-Identifier: Apache-2.0
// What the tests here need may be missing on somebody's machine, and never goes missing unseen.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const kStart = `import(${JSON.stringify(join(import.meta.dirname, 'coturn.mjs'))})
  .then(({ start }) => start())
  .then((turn) => console.log(turn === undefined ? 'skips' : 'runs'));`;

/** Node alone is on the PATH. */
const startWithoutCoturn = (settings) => {
  const { CI: _, ...environment } = process.env;
  const env = { ...environment, PATH: '/nowhere', ...settings };
  return run(process.execPath, ['-e', kStart], { env });
};

test('without coturn a run by hand skips', async () => {
  assert.equal((await startWithoutCoturn({})).stdout, 'skips\n');
});

test('without coturn CI fails', async () => {
  await assert.rejects(startWithoutCoturn({ CI: 'true' }), /no coturn; in CI that is a failure/);
});
