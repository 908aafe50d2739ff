// SPDX-License-Identifier: Apache-2.0
// Each requirement in docs/security/asvs.md leads to a file and a text in it: a test that was
// renamed or lost leaves no claim behind.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { kRoot } from './lib/pages.mjs';

const kPage = join(kRoot, 'docs/security/asvs.md');
const kRow = /^\| (\d+\.\d+\.\d+) \| [^|]+ \| \[[^\]]+\]\(([^)]+)\): `([^`]+)` \|$/;

/** `[id, file, text]` of each row. */
function rowsOf(page) {
  const rows = page.split('\n').filter((line) => /^\| \d/.test(line));
  return rows.map((line) => {
    const found = kRow.exec(line);
    assert.ok(found, `no requirement, link and text: ${line}`);
    return found.slice(1);
  });
}

test('every requirement leads to what holds it', () => {
  const rows = rowsOf(readFileSync(kPage, 'utf8'));
  assert.ok(rows.length > 30, `${rows.length} rows`);
  for (const [id, file, text] of rows) {
    const path = join(dirname(kPage), file);
    assert.ok(existsSync(path), `${id}: no ${file}`);
    assert.ok(readFileSync(path, 'utf8').includes(text), `${id}: "${text}" is not in ${file}`);
  }
  const ids = rows.map(([id]) => id);
  assert.deepEqual(ids, [...new Set(ids)], 'each once');
});

test('a row without a link is noticed', () => {
  assert.throws(() => rowsOf('| 4.1.1 | something | we are sure |'));
});
