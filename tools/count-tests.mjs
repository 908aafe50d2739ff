// SPDX-License-Identifier: Apache-2.0
// Turns what a test runner left behind into a line `SKIPPED: name: why` for each skipped test, and
// the one line `N passed, N failed, N skipped` at the end.
// Exit 0 only when something passed or was skipped, and nothing failed.
//
//   node tools/count-tests.mjs gtest FOLDER JUNIT   GTEST_OUTPUT=json: files, and ctest's junit file
//   node tools/count-tests.mjs node LOG             what `node --test` printed
//   node tools/count-tests.mjs vitest JSON          vitest's json reporter
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { skipsOfNode, skipsOfPrograms, skipsOfVitest } from './skipped-tests.mjs';

const count = (passed, failed, skipped) => ({ passed, failed, skipped });
const add = (a, b) => count(a.passed + b.passed, a.failed + b.failed, a.skipped + b.skipped);

/** One GoogleTest program's JSON. */
export function countGtest(report) {
  let total = count(0, 0, 0);
  for (const test of (report.testsuites ?? []).flatMap((suite) => suite.testsuite ?? [])) {
    if (test.failures?.length > 0) total = add(total, count(0, 1, 0));
    else if (test.result === 'SKIPPED' || test.status === 'NOTRUN')
      total = add(total, count(0, 0, 1));
    else total = add(total, count(1, 0, 0));
  }
  return total;
}

/** ctest's own view: one entry for each program. */
export function programsOf(junit) {
  const cases =
    /<testcase\s+name="([^"]*)"[^>]*?status="([^"]*)"[^>]*>(?:\s*<skipped message="([^"]*)")?/g;
  return [...junit.matchAll(cases)].map(([, name, status, why]) => {
    // "notrun" is said of a program that skips itself and of one that was never built.
    const skips = status === 'disabled' || (status === 'notrun' && /^SKIP_/.test(why ?? ''));
    return { name, status: status === 'run' ? 'run' : skips ? 'skip' : 'fail' };
  });
}

/**
 * ctest runs programs, programs run tests. A program that failed without a failed test (a crash, a
 * timeout, a program that could not start) counts as one failure; one that left no JSON (no
 * GoogleTest) counts as one test.
 */
export function countPrograms(programs, reportOf) {
  return programs.reduce(
    (total, { name, status }) => {
      const report = reportOf(name);
      const own = report ? countGtest(report) : count(0, 0, 0);
      if (status === 'fail' && own.failed === 0) return add(total, add(own, count(0, 1, 0)));
      if (report) return add(total, own);
      return add(total, status === 'run' ? count(1, 0, 0) : count(0, 0, 1));
    },
    count(0, 0, 0),
  );
}

export function countNode(log) {
  const last = (word) => {
    const all = [...log.matchAll(new RegExp(`^(?:#|ℹ) ${word} (\\d+)$`, 'gm'))];
    return all.length === 0 ? undefined : Number(all.at(-1)[1]);
  };
  const [passed, failed] = [last('pass'), last('fail')];
  if (passed === undefined || failed === undefined) throw new Error('no summary of node --test');
  return count(
    passed,
    failed + (last('cancelled') ?? 0),
    (last('skipped') ?? 0) + (last('todo') ?? 0),
  );
}

export function countVitest(report) {
  const failed =
    report.numFailedTests +
    (report.testResults ?? []).filter(
      // A file that cannot even be loaded has no failed test of its own.
      (file) =>
        file.status === 'failed' && !file.assertionResults.some((t) => t.status === 'failed'),
    ).length;
  return count(report.numPassedTests, failed, report.numPendingTests + (report.numTodoTests ?? 0));
}

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

function gtestReports(folder) {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return (program) => {
    const name = [`${program}_test.json`, `${program}.json`].find((each) => names.includes(each));
    return name === undefined ? undefined : readJson(join(folder, name));
  };
}

const kReaders = {
  gtest: (folder, junitFile) => {
    const junit = readFileSync(junitFile, 'utf8');
    const total = countPrograms(programsOf(junit), gtestReports(folder));
    return { total, skips: skipsOfPrograms(junit) };
  },
  node: (file) => {
    const log = readFileSync(file, 'utf8');
    return { total: countNode(log), skips: skipsOfNode(log) };
  },
  vitest: (file) => {
    const report = readJson(file);
    return { total: countVitest(report), skips: skipsOfVitest(report) };
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [kind, ...files] = process.argv.slice(2);
  const { total, skips } = kReaders[kind](...files);
  for (const { name, why } of skips) console.log(`SKIPPED: ${name}: ${why}`);
  const { passed, failed, skipped } = total;
  // None goes unsaid, even when a runner has told of it in a way that is not known here.
  if (skipped > skips.length) {
    console.log(`SKIPPED: ${skipped - skips.length} more: their names stand in the log`);
  }
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed === 0 && passed + skipped > 0 ? 0 : 1);
}
