// SPDX-License-Identifier: Apache-2.0
// What the documents tell people: pages, fenced blocks, commands, code spans, links.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const kRoot = fileURLToPath(new URL('../../../', import.meta.url));

const kPages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];
const kFolders = ['docs', 'protocol'];

/** `{path, text}` of every document. */
export function pages() {
  const inFolders = kFolders.flatMap((folder) =>
    readdirSync(join(kRoot, folder), { recursive: true })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  );
  return [...kPages, ...inFolders.sort()].map((path) => ({
    path,
    text: readFileSync(join(kRoot, path), 'utf8'),
  }));
}

/** Fenced blocks: `{language, lines, line}`; `before` is the last line above that says something. */
export function blocksOf(text) {
  const blocks = [];
  let open;
  let before = '';
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^\s*```(\S*)/.exec(line);
    if (fence && open) {
      blocks.push(open);
      open = undefined;
    } else if (fence) {
      open = { language: fence[1], lines: [], line: index + 1, before };
    } else if (open) {
      open.lines.push(line);
    } else if (line.trim() !== '') {
      before = line;
    }
  }
  if (open) throw new Error(`the block of line ${open.line} has no end`);
  return blocks;
}

/** The commands of a console block, each with the output that is shown for it. */
export function commandsOf({ lines, line }) {
  const commands = [];
  for (const [index, text] of lines.entries()) {
    const last = commands.at(-1);
    if (text.startsWith('$ ')) {
      commands.push({ command: text.slice(2), shown: [], line: line + index + 1 });
    } else if (last?.command.endsWith('\\')) {
      last.command = `${last.command.slice(0, -1).trimEnd()} ${text.replace(/^>/, '').trim()}`;
    } else {
      last?.shown.push(text);
    }
  }
  return commands;
}

const withoutBlocks = (text) => text.replace(/^\s*```[\s\S]*?^\s*```/gm, '');

/** Code spans that are commands: they begin like one. */
export function commandSpansOf(text) {
  const spans = [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, span]) => span);
  return spans.filter((span) => /^(\.\/run|build\/stillroom|stillroom) [a-z]/.test(span));
}

/** Links to files of the project, without their anchors. */
export function localLinksOf(text) {
  const links = [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
  return links.filter((to) => !/^[a-z]+:|^#/.test(to)).map((to) => to.replace(/#.*$/, ''));
}
