// SPDX-License-Identifier: Apache-2.0
// Arrows point one way: fails on an #include that goes up or sideways in the ranks of
// ARCHITECTURE.md, on I/O in a pure module, and on ambient time, randomness or environment.
// The table, with the reason of each exception, is include-arrows.json.
//
//   node tools/check-includes.mjs [ROOT]
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOnly, filesBelow, lineAt, report } from './source.mjs';

const kSources = 'server/src';
const kEndings = ['.cpp', '.hpp', '.h', '.inl'];

export function loadTable(path = new URL('./include-arrows.json', import.meta.url)) {
  const table = JSON.parse(readFileSync(path, 'utf8'));
  for (const { from, to, reason } of table.exceptions) {
    for (const module of [from, to]) {
      if (!(module in table.ranks)) throw new Error(`exception names unknown module ${module}`);
    }
    if (!reason) throw new Error(`exception ${from} -> ${to} has no reason`);
  }
  return table;
}

/** Every include of a text: `{name, quoted, line}`. */
export function includesOf(text) {
  return [...codeOnly(text).matchAll(/^[ \t]*#[ \t]*include[ \t]*(["<])([^">\n]+)[">]/gm)].map(
    (match) => ({ name: match[2], quoted: match[1] === '"', line: lineAt(text, match.index) }),
  );
}

/** Why `from` may not include `name`, or nothing. `used` collects the exceptions that were needed. */
function objection(from, include, isTest, table, used) {
  const { name, quoted } = include;
  if (name.split('/').includes('..')) return `"${name}": include by the path from ${kSources}`;
  const to = name.includes('/') ? name.slice(0, name.indexOf('/')) : '';
  if (to === 'testing' && quoted) {
    return isTest ? undefined : `"${name}": only *_test.cpp and *_stage.hpp may include testing/`;
  }
  if (!(to in table.ranks)) {
    if (quoted) return `"${name}": names no module; include by the path from ${kSources}`;
    return undefined;
  }
  if (to === from || table.ranks[to] < table.ranks[from]) return undefined;
  const exception = table.exceptions.find((e) => e.from === from && e.to === to);
  if (exception) {
    used.add(exception);
    return undefined;
  }
  const direction = table.ranks[to] > table.ranks[from] ? 'up' : 'sideways';
  return `"${name}": ${from} (rank ${table.ranks[from]}) may not include ${direction}, ${to} (rank ${table.ranks[to]})`;
}

function impurity(from, include, table) {
  if (!table.pure.modules.includes(from) || include.quoted) return undefined;
  const hit = table.pure.forbidden.some((pattern) => new RegExp(pattern).test(include.name));
  return hit ? `<${include.name}> in ${from}: ${table.pure.reason}` : undefined;
}

function boostInHeader(from, path, include, table) {
  const { rank_max: rankMax, reason } = table.boost_free_headers;
  if (!path.endsWith('.hpp') || table.ranks[from] > rankMax) return undefined;
  return include.name.startsWith('boost/') ? `<${include.name}>: ${reason}` : undefined;
}

function ambientCalls(path, inside, text, isTest, table) {
  const code = codeOnly(text);
  return table.calls
    .filter((rule) => !(isTest && rule.allowed_in_tests))
    .filter((rule) => !rule.allowed.some((allowed) => inside.startsWith(allowed)))
    .flatMap((rule) =>
      [...code.matchAll(new RegExp(rule.pattern, 'g'))].map((match) => ({
        path,
        line: lineAt(code, match.index),
        what: `${match[0].trim()}: ${rule.reason}`,
      })),
    );
}

/** Findings of one file; `path` is relative to the project's root. */
export function checkFile(path, text, table, used = new Set()) {
  const inside = path.slice(kSources.length + 1);
  if (!inside.includes('/')) return [{ path, what: `no file stands directly in ${kSources}` }];
  const from = inside.slice(0, inside.indexOf('/'));
  if (!(from in table.ranks)) {
    return [{ path, what: `module ${from} has no rank in tools/include-arrows.json` }];
  }
  // A stage is what the tests of one folder share; no program includes it.
  const isTest = path.endsWith('_test.cpp') || path.endsWith('_stage.hpp');
  const findings = [];
  for (const include of includesOf(text)) {
    const reasons = [objection(from, include, isTest, table, used)];
    if (!isTest) {
      reasons.push(impurity(from, include, table), boostInHeader(from, path, include, table));
    }
    for (const what of reasons) if (what) findings.push({ path, line: include.line, what });
  }
  return [...findings, ...ambientCalls(path, inside, text, isTest, table)];
}

export function checkTree(root, table = loadTable()) {
  const used = new Set();
  const paths = filesBelow(root, kSources, kEndings);
  const findings = paths.flatMap((path) =>
    checkFile(path, readFileSync(join(root, path), 'utf8'), table, used),
  );
  return { findings, looked: paths.length, unused: table.exceptions.filter((e) => !used.has(e)) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { findings, looked, unused } = checkTree(resolve(process.argv[2] ?? '.'));
  for (const { from, to } of unused)
    console.log(`note: no file needs the exception ${from} -> ${to}`);
  report('include arrows', findings, looked);
}
