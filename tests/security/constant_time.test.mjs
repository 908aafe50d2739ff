// SPDX-License-Identifier: Apache-2.0
// Secrets leave no trace in time: memcheck takes their bytes for uninitialised and complains of
// every jump and address that depends on one.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const kProgram = fileURLToPath(
  new URL('../../build/tests/security/constant_time', import.meta.url),
);
const kFound = 9;

const absent =
  spawnSync('valgrind', ['--version']).status !== 0
    ? 'valgrind is not installed'
    : !existsSync(kProgram) && 'constant_time was built without valgrind/memcheck.h';

function underMemcheck(name) {
  const flags = ['--quiet', `--error-exitcode=${kFound}`, '--track-origins=no', kProgram, name];
  const { status, stderr } = spawnSync('valgrind', flags, { encoding: 'utf8' });
  return { status, stderr };
}

for (const [name, what] of Object.entries({
  tags: 'the tag of a token is computed and compared',
  keys: 'keys are derived from the configured secret',
})) {
  test(`${what}: no jump and no address depends on a secret`, { skip: absent }, () => {
    const { status, stderr } = underMemcheck(name);
    assert.equal(status, 0, stderr);
  });
}

test('a comparison that ends at the first difference is caught', { skip: absent }, () => {
  const { status, stderr } = underMemcheck('early-exit');
  assert.equal(status, kFound, stderr);
  assert.match(stderr, /Conditional jump or move depends on uninitialised value/);
});
