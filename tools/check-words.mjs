// SPDX-License-Identifier: Apache-2.0
// What must not be committed: machine paths, registry hosts, unfinished work, promises nobody can
// keep, private keys, huge files, and sources without their licence line. The table is words.json.
//
//   node tools/check-words.mjs [ROOT]
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lineAt, report } from './source.mjs';

const kTable = 'tools/words.json';

export function loadTable(path = new URL('./words.json', import.meta.url)) {
  const table = JSON.parse(readFileSync(path, 'utf8'));
  for (const exception of table.exceptions) {
    if (!exception.reason) throw new Error(`the exception for ${exception.path} has no reason`);
  }
  return table;
}

const isText = (bytes) => !bytes.subarray(0, 8000).includes(0);

/** Findings of one file; `path` is relative to the project's root. */
export function checkFile(path, bytes, table) {
  const findings = [];
  if (bytes.length > table.bytes_max) {
    findings.push({ path, what: `${bytes.length} bytes: too large to be a source` });
  }
  if (path === kTable || !isText(bytes)) return findings;
  const text = bytes.toString('utf8');
  if (table.spdx_endings.some((ending) => path.endsWith(ending))) {
    const head = text.split('\n', 3).join('\n');
    if (!head.includes('SPDX-License-Identifier: Apache-2.0')) {
      findings.push({ path, what: 'no SPDX-License-Identifier line at the top' });
    }
  }
  for (const word of table.words) {
    const pattern = new RegExp(word.pattern, word.ignore_case ? 'gi' : 'g');
    for (const match of text.matchAll(pattern)) {
      const allowed = table.exceptions.some((e) => e.path === path && match[0].includes(e.word));
      if (allowed) continue;
      const line = lineAt(text, match.index);
      findings.push({ path, line, what: `"${match[0]}": ${word.reason}` });
    }
  }
  return findings;
}

/** Everything committed or about to be. */
export function committedFiles(root) {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  return execFileSync('git', list, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\0')
    .filter((path) => path !== '');
}

export function checkTree(root, table = loadTable()) {
  const paths = committedFiles(root).filter((path) =>
    statSync(join(root, path), { throwIfNoEntry: false })?.isFile(),
  );
  const findings = paths.flatMap((path) => checkFile(path, readFileSync(join(root, path)), table));
  return { findings, looked: paths.length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { findings, looked } = checkTree(resolve(process.argv[2] ?? '.'));
  report('words', findings, looked);
}
