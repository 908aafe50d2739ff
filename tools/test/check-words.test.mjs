// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFile, loadTable } from '../check-words.mjs';

const table = loadTable();
const found = (text, path = 'docs/a.md') =>
  checkFile(path, Buffer.from(text), table).map((finding) => finding.what);
// The bad words are put together here, so that this file does not hold them itself.
const word = (...parts) => parts.join('');

test('plain text passes', () => {
  assert.deepEqual(
    found('Stillroom maps to the rule. See /usr/bin/env, /api/users/ and ./run.\n'),
    [],
  );
});

test('machine paths are found with their line', () => {
  const text = `one\nsee ${word('/ho', 'me/ann/notes')}\n`;
  const [finding] = checkFile('docs/a.md', Buffer.from(text), table);
  assert.equal(finding.line, 2);
  assert.match(finding.what, /machine/);
  assert.equal(found(`"${word('/ro', 'ot/.npm/x')}"`).length, 1);
});

test('registry hosts, unfinished work, promises and makers are found', () => {
  for (const bad of [
    word('https://registry.', 'npmjs.org/x'),
    word('FIX', 'ME'),
    word('TO', 'DO(now)'),
    word('not ', 'implemented'),
    word('works for', ' now'),
    word('HIPAA ', 'compliant'),
    word('Chat', 'GPT'),
    word('-----BEGIN PRI', 'VATE KEY-----'),
  ]) {
    assert.equal(found(bad).length, 1, bad);
  }
});

test('a source without its licence line is found', () => {
  assert.match(found('int x;\n', 'server/src/base/a.cpp')[0], /SPDX/);
  const line = '// SPDX-License-Identifier: Apache-2.0\n';
  assert.deepEqual(found(`${line}int x;\n`, 'server/src/base/a.cpp'), []);
  assert.deepEqual(found('{}\n', 'package.json'), []);
});

test('a huge file is found, a binary one is not read as text', () => {
  assert.match(found('x'.repeat(1_000_001))[0], /too large/);
  assert.deepEqual(found(`\0${word('FIX', 'ME')}`, 'web/room/a.png'), []);
});

test('an exception covers its word in its file only', () => {
  const exceptions = [{ path: 'docs/a.md', word: 'compliant', reason: 'quotes a law' }];
  const own = { ...table, exceptions };
  const text = Buffer.from(word('HIPAA ', 'compliant'));
  assert.equal(checkFile('docs/a.md', text, own).length, 0);
  assert.equal(checkFile('docs/b.md', text, own).length, 1);
});
