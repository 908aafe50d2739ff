// SPDX-License-Identifier: Apache-2.0
// What the checks share: finding files, and C++ text without its comments and strings.
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const kSkippedFolders = new Set(['node_modules', 'dist', '.git', '.tools', '.demo', '.run-logs']);

/** Files below `folder` whose name ends in one of `endings`, as sorted paths relative to `root`. */
export function filesBelow(root, folder, endings) {
  const found = [];
  const visit = (at) => {
    let entries;
    try {
      entries = readdirSync(at, { withFileTypes: true });
    } catch (error) {
      if (error.code === 'ENOENT') return;
      throw error;
    }
    for (const entry of entries) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (!kSkippedFolders.has(entry.name) && !entry.name.startsWith('build')) visit(path);
      } else if (endings.some((ending) => entry.name.endsWith(ending))) {
        found.push(relative(root, path).split(sep).join('/'));
      }
    }
  };
  visit(join(root, folder));
  return found.sort();
}

const blank = (text) => text.replace(/[^\n]/g, ' ');

// A comment, a raw string, a string, or a character literal (but no digit separator: 1'000).
const kHidden =
  /\/\/(?:\\\n|[^\n])*|\/\*[\s\S]*?(?:\*\/|$)|\b(?:u8|[uUL])?R"([^\s()\\]{0,16})\([\s\S]*?\)\1"|"(?:\\[\s\S]|[^"\\\n])*"?|(?<![0-9a-fA-F])'(?:\\[\s\S]|[^'\\\n])*'?/g;

/**
 * C++ text of the same shape (every line and column kept) with comments and the insides of
 * strings blanked, so that a word found in it is code. Names in #include "..." stay.
 */
export function codeOnly(text) {
  return text.replace(kHidden, (match, _delimiter, offset) => {
    if (match.startsWith('"')) {
      const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
      if (/^\s*#\s*include\s*$/.test(text.slice(lineStart, offset))) return match;
      return `"${blank(match.slice(1, -1))}"`;
    }
    if (match.startsWith("'")) return `'${blank(match.slice(1, -1))}'`;
    return blank(match);
  });
}

/** 1-based line of an offset. */
export function lineAt(text, offset) {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) line += 1;
  return line;
}

/** Prints findings as `path:line: what`, and ends the process: 1 when there are any. */
export function report(check, findings, looked) {
  for (const finding of findings) {
    console.error(`${finding.path}:${finding.line ?? 1}: ${finding.what}`);
  }
  if (looked === 0) {
    console.error(`${check}: looked at no file; that cannot be right`);
    process.exit(1);
  }
  console.log(`${check}: ${looked} files, ${findings.length} findings`);
  process.exit(findings.length === 0 ? 0 : 1);
}
