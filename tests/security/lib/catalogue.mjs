// SPDX-License-Identifier: Apache-2.0
// docs/security/events.md as rows.
import { readFileSync } from 'node:fs';

const kPage = new URL('../../../docs/security/events.md', import.meta.url);

/** `{kind, reason, heard}` of each row; `heard`: a test provokes it over the network. */
export function catalogue() {
  const rows = [];
  let kind;
  for (const line of readFileSync(kPage, 'utf8').split('\n')) {
    kind = /^## `(\w+)`$/.exec(line)?.[1] ?? kind;
    const row = /^\| `([\w-]+)`( †)? \|/.exec(line);
    if (row) rows.push({ kind, reason: row[1], heard: row[2] === undefined });
  }
  return rows;
}
