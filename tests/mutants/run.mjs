// SPDX-License-Identifier: Apache-2.0
// Takes each rule of rules.json out of a copy of the server and sees whether a test turns red.
//
//   node tests/mutants/run.mjs [PATTERN]
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kRoot = fileURLToPath(new URL('../../', import.meta.url));
const kPlace = join(kRoot, 'build-mutants');
const kCopy = join(kPlace, 'source');
const kBuild = join(kPlace, 'build');
const kCommandMsMax = 600_000;
/** A test that waits for ever has noticed too. */
const kTestMsMax = 90_000;

function run(command, args, options = {}) {
  const done = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: kCommandMsMax,
    maxBuffer: 64 << 20,
    ...options,
  });
  return { ok: done.status === 0, text: `${done.stdout}${done.stderr}` };
}

function build(targets) {
  return run('cmake', ['--build', kBuild, '--target', ...targets]);
}

function makeCopy() {
  rmSync(kCopy, { recursive: true, force: true });
  mkdirSync(kCopy, { recursive: true });
  for (const part of ['server', 'cmake', 'CMakeLists.txt']) {
    cpSync(join(kRoot, part), join(kCopy, part), { recursive: true, preserveTimestamps: true });
  }
  const made = run('cmake', [
    ...['-S', kCopy, '-B', kBuild, '-G', 'Ninja'],
    ...['-DCMAKE_BUILD_TYPE=Debug', '-DCMAKE_CXX_FLAGS_DEBUG=-O0 -w'],
    `-DSTILLROOM_WEB_DIST=${join(kRoot, 'web/room/dist')}`,
  ]);
  if (!made.ok) throw new Error(made.text);
}

const targetOf = (rule) => (rule.unit ? `${rule.unit}_test` : 'stillroom');

/** Whether the tests that watch this rule are green. */
function isGreen(rule) {
  const timeout = kTestMsMax;
  if (rule.unit) {
    return run(join(kBuild, `server/src/${rule.unit}/${rule.unit}_test`), [], { timeout });
  }
  const files = rule.contract.map((file) => join(kRoot, 'tests/contract', file));
  const env = { ...process.env, STILLROOM_BINARY: join(kBuild, 'stillroom') };
  return run('node', ['--test', ...files], { env, timeout });
}

function mutate(rule, text) {
  const parts = text.split(rule.find);
  if (parts.length !== 2) throw new Error(`found ${parts.length - 1} times in ${rule.file}`);
  return parts.join(rule.replace);
}

/** Why the rule has no teeth, or nothing. */
function trouble(rule) {
  const path = join(kCopy, 'server/src', rule.file);
  const whole = readFileSync(path, 'utf8');
  let changed;
  try {
    changed = mutate(rule, whole);
  } catch (error) {
    return error.message;
  }
  writeFileSync(path, changed);
  try {
    const built = build([targetOf(rule)]);
    if (!built.ok) return `does not build without it:\n${built.text.slice(-1500)}`;
    return isGreen(rule).ok ? 'nobody noticed' : undefined;
  } finally {
    writeFileSync(path, whole);
  }
}

const rules = JSON.parse(readFileSync(new URL('rules.json', import.meta.url), 'utf8')).filter(
  ({ name }) => name.includes(process.argv[2] ?? ''),
);
if (!existsSync(join(kRoot, 'web/room/dist'))) throw new Error('./run build comes first');
makeCopy();
const whole = build([...new Set(rules.map(targetOf))]);
if (!whole.ok) throw new Error(whole.text.slice(-3000));
for (const key of new Set(rules.map(({ unit, contract }) => JSON.stringify({ unit, contract })))) {
  const green = isGreen(JSON.parse(key));
  if (!green.ok)
    throw new Error(`red with every rule in place: ${key}\n${green.text.slice(-3000)}`);
}
let failed = 0;
for (const rule of rules) {
  const why = trouble(rule);
  if (why) failed += 1;
  console.log(`${why ? 'FAILED: ' : 'red without it: '}${rule.name}${why ? `: ${why}` : ''}`);
}
console.log(`${rules.length - failed} passed, ${failed} failed, 0 skipped`);
process.exit(failed === 0 ? 0 : 1);
