// SPDX-License-Identifier: Apache-2.0
// Runs every *.test.mjs here and ends with the line `N passed, N failed, N skipped`.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const here = import.meta.dirname;
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.mjs'))
  .map((name) => join(here, name));

const counts = { passed: 0, failed: 0, skipped: 0 };
const stream = run({ files, concurrency: 1, timeout: 300_000 });
stream.on('test:pass', ({ skip, details }) => {
  if (details.type === 'suite') return;
  counts[skip === undefined ? 'passed' : 'skipped'] += 1;
});
stream.on('test:fail', () => {
  counts.failed += 1;
});
stream.compose(spec).pipe(process.stdout, { end: false });
stream.on('end', () => {
  setImmediate(() => {
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
  });
});
