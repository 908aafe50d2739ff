// SPDX-License-Identifier: Apache-2.0
// Every command that a document tells people to type is run by somebody: here, or by a part of
// `./run test` that known.mjs names. A command that nobody runs fails.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { kRunApart, kRunElsewhere, kRunHere } from './lib/known.mjs';
import { blocksOf, commandSpansOf, commandsOf, kRoot, localLinksOf, pages } from './lib/pages.mjs';
import { Workplace } from './lib/workplace.mjs';

const run = promisify(execFile);

const elsewhere = (command) => kRunElsewhere.find((entry) => entry.command.test(command));
const fits = (patterns, command) => patterns.some((pattern) => pattern.test(command));

function assertRunElsewhere({ part, proof: [file, line] }) {
  assert.ok(existsSync(join(kRoot, `tools/run/parts/${part}.sh`)), `no part ${part}`);
  assert.ok(readFileSync(join(kRoot, file), 'utf8').includes(line), `${file} has no "${line}"`);
}

/** The members of a shown document, with their values left out. */
function membersOf(json) {
  return Object.keys(JSON.parse(json)).sort();
}

async function runOne(workplace, { command, shown }) {
  const known = elsewhere(command);
  if (known) return assertRunElsewhere(known);
  if (fits(kRunHere, command)) {
    await run('bash', ['-c', command], { cwd: kRoot });
    return undefined;
  }
  assert.ok(fits(kRunApart, command), `nobody runs "${command}": see tests/docs/lib/known.mjs`);
  if (command.startsWith('build/stillroom serve')) return workplace.serve(command);
  const said = await workplace.run(command);
  if (shown[0]?.startsWith('{')) assert.deepEqual(membersOf(said), membersOf(shown[0]));
  return undefined;
}

/** ```toml under a line that names a file: the reader writes that file. */
function writeFiles(workplace, blocks) {
  for (const { language, before, lines } of blocks) {
    const name = /`([\w.-]+\.toml)`/.exec(before)?.[1];
    if (language === 'toml' && name) workplace.write(name, `${lines.join('\n')}\n`);
  }
}

test('a command that nobody runs is noticed', async () => {
  const text = '```console\n$ one \\\n  --two\nsaid\n$ three\n```\nSee `./run four`.\n';
  const commands = blocksOf(text).flatMap(commandsOf);
  assert.deepEqual(
    commands.map(({ command, shown }) => [command, shown]),
    [
      ['one --two', ['said']],
      ['three', []],
    ],
  );
  assert.deepEqual(commandSpansOf(text), ['./run four']);
  await assert.rejects(runOne(undefined, commands[0]), /nobody runs "one --two"/);
});

const kAll = pages();

test('commands stand in console blocks', () => {
  for (const { path, text } of kAll) {
    const hidden = blocksOf(text).filter(({ language }) => /^(sh|bash|shell|zsh)$/.test(language));
    assert.deepEqual(hidden, [], path);
  }
});

test('links lead to files that are there', () => {
  for (const { path, text } of kAll) {
    const broken = localLinksOf(text).filter((to) => !existsSync(join(kRoot, dirname(path), to)));
    assert.deepEqual(broken, [], path);
  }
});

test('commands in the text are commands', async () => {
  const spans = new Set(kAll.flatMap(({ text }) => commandSpansOf(text)));
  assert.ok(spans.size > 10);
  for (const span of spans) {
    if (span.startsWith('./run ')) {
      const name = span.split(' ')[1];
      assert.ok(existsSync(join(kRoot, `tools/run/${name}.sh`)), span);
    } else {
      const [, words] = /^(?:build\/)?stillroom ((?:[a-z]+(?: |$))+)/.exec(span);
      await run(join(kRoot, 'build/stillroom'), [...words.trim().split(' '), '--help']);
    }
  }
});

for (const { path, text } of kAll) {
  const blocks = blocksOf(text);
  const commands = blocks.filter(({ language }) => language === 'console').flatMap(commandsOf);
  if (commands.length === 0) continue;
  test(`the ${commands.length} commands of ${path} work`, async () => {
    const workplace = new Workplace();
    try {
      workplace.makeCertificate();
      writeFiles(workplace, blocks);
      for (const command of commands) await runOne(workplace, command);
    } finally {
      assert.equal(await workplace.close(), 0, 'the server ends well');
    }
  });
}
