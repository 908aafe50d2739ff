// SPDX-License-Identifier: Apache-2.0
// Small enough to hold: fails on files and C++ functions beyond the limits of size-limits.json.
// (Columns and functions of
// TypeScript belong to its own formatter and linter.)
//
//   node tools/check-sizes.mjs [ROOT]
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOnly, filesBelow, lineAt, report } from './source.mjs';

export function loadLimits(path = new URL('./size-limits.json', import.meta.url)) {
  const limits = JSON.parse(readFileSync(path, 'utf8'));
  for (const exception of limits.exceptions) {
    if (!exception.reason) throw new Error(`the exception for ${exception.path} has no reason`);
  }
  return limits;
}

const endsInitList = (head) => /\)\s*(?:noexcept(?:\s*\([^)]*\))?\s*)?:(?!:)/.test(head);
const opensContainer = (head) =>
  /^(?:inline\s+)?namespace\b|^extern\s+""/.test(head) ||
  (/\b(?:class|struct|union|enum)\b/.test(head) &&
    !/\([^)]*\)\s*(?:const|noexcept|->|$)/.test(head));

/** What a `{` after `head` opens, where functions are not already open. */
function kindOfBrace(head, parentheses) {
  if (parentheses > 0) return 'value';
  if (opensContainer(head)) return 'container';
  if (!head.includes('(') && !/\b(?:requires|concept)\b/.test(head)) return 'value';
  if (/[=,(]\s*$/.test(head)) return 'value';
  // In `A::A() : a_{1} {` the first brace follows a name, the body's follows `)` or `}`.
  if (
    endsInitList(head) &&
    /[\w>]\s*$/.test(head) &&
    !/\b(?:const|noexcept|override|final)\s*$/.test(head)
  ) {
    return 'value';
  }
  return 'function';
}

const nameOf = (head) =>
  /([~\w:]+(?:operator[^(]*)?|operator[^(]*)\s*\(/.exec(head)?.[1] ?? '(unnamed)';

/** C++ functions of a text with their size in lines, from the head's first line to the last brace. */
export function functionsOf(text) {
  const code = codeOnly(text).replace(/^[ \t]*#(?:\\\n|[^\n])*/gm, (match) =>
    match.replace(/[^\n]/g, ' '),
  );
  const open = [];
  const functions = [];
  let inFunction = 0;
  let parentheses = 0;
  let headStart = 0;
  for (let at = 0; at < code.length; at += 1) {
    const char = code[at];
    if (char === '(') parentheses += 1;
    else if (char === ')') parentheses = Math.max(0, parentheses - 1);
    else if (char === ';' && parentheses === 0) headStart = at + 1;
    else if (char === '{') {
      const raw = code.slice(headStart, at);
      const head = raw.replace(/\b(?:public|private|protected):/g, ' ').trim();
      const inValue = open.at(-1)?.kind === 'value';
      const kind = inFunction > 0 ? 'inner' : inValue ? 'value' : kindOfBrace(head, parentheses);
      const start = headStart + (raw.length - raw.trimStart().length);
      open.push({ kind, start, head, headStart });
      if (kind === 'function') inFunction += 1;
      if (kind === 'container' || kind === 'function') headStart = at + 1;
    } else if (char === '}') {
      const scope = open.pop();
      if (!scope) continue;
      if (scope.kind === 'function') {
        inFunction -= 1;
        const line = lineAt(code, scope.start);
        functions.push({ name: nameOf(scope.head), line, lines: lineAt(code, at) - line + 1 });
      }
      headStart = scope.kind === 'value' ? scope.headStart : at + 1;
    }
  }
  return functions;
}

function rawStringLines(text) {
  const lines = new Set();
  for (const match of text.matchAll(/R"([^\s()\\]{0,16})\([\s\S]*?\)\1"/g)) {
    const first = lineAt(text, match.index);
    const count = match[0].split('\n').length;
    for (let line = first; line < first + count; line += 1) lines.add(line);
  }
  return lines;
}

function longLines(path, text, columnsMax) {
  const free = rawStringLines(text);
  return text.split('\n').flatMap((content, index) => {
    const columns = [...content].length;
    if (columns <= columnsMax || free.has(index + 1) || /https?:\/\//.test(content)) return [];
    return [
      { path, line: index + 1, rule: 'columns', what: `${columns} columns (limit ${columnsMax})` },
    ];
  });
}

function allowedBy(exceptions, finding, size) {
  return exceptions.some(
    (e) =>
      e.path === finding.path &&
      e.rule === finding.rule &&
      (e.name === undefined || e.name === finding.name) &&
      (e.max === undefined || size <= e.max),
  );
}

/** Findings of one file; `path` is relative to the project's root. */
export function checkFile(path, text, limits) {
  const ending = Object.keys(limits.file_lines).find((candidate) => path.endsWith(candidate));
  const findings = [];
  const add = (finding, size) => {
    if (!allowedBy(limits.exceptions, finding, size)) findings.push(finding);
  };
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const linesMax = limits.file_lines[ending];
  if (lines > linesMax) {
    const what = `${lines} lines (limit ${linesMax}): split it by idea`;
    add({ path, line: 1, rule: 'file', what }, lines);
  }
  if (limits.columns_of.includes(ending)) {
    for (const finding of longLines(path, text, limits.columns)) add(finding, 0);
  }
  if (!/\.(?:cpp|hpp)$/.test(path)) return findings;
  for (const found of functionsOf(text)) {
    if (found.lines <= limits.function_lines) continue;
    const what = `${found.name}() has ${found.lines} lines (limit ${limits.function_lines})`;
    add({ path, line: found.line, rule: 'function', name: found.name, what }, found.lines);
  }
  return findings;
}

export function checkTree(root, limits = loadLimits()) {
  const endings = Object.keys(limits.file_lines);
  const paths = limits.folders.flatMap((folder) => filesBelow(root, folder, endings));
  const findings = paths.flatMap((path) =>
    checkFile(path, readFileSync(join(root, path), 'utf8'), limits),
  );
  return { findings, looked: paths.length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { findings, looked } = checkTree(resolve(process.argv[2] ?? '.'));
  report('sizes', findings, looked);
}
