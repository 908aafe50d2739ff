// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countGtest, countNode, countPrograms, countVitest, programsOf } from '../count-tests.mjs';
import { skipsOfNode, skipsOfPrograms, skipsOfVitest } from '../skipped-tests.mjs';

const ran = { status: 'RUN', result: 'COMPLETED' };
const gtest = (...tests) => ({ testsuites: [{ testsuite: tests }] });

test('passed, failed, skipped and disabled tests of a program are told apart', () => {
  const report = gtest(
    ran,
    { ...ran, failures: [{ failure: 'x' }] },
    { status: 'RUN', result: 'SKIPPED' },
    { status: 'NOTRUN', result: 'SUPPRESSED' },
  );
  assert.deepEqual(countGtest(report), { passed: 1, failed: 1, skipped: 2 });
});

test("ctest's file is read", () => {
  const junit = `<testsuite name="x" tests="4">
    <testcase name="base" classname="base" time="0.01" status="run"/>
    <testcase name="net" classname="net" time="0.02" status="fail"><failure message=""/></testcase>
    <testcase name="sim" classname="sim" time="0" status="notrun">
      <skipped message="SKIP_RETURN_CODE=77"/></testcase>
    <testcase name="sdp" classname="sdp" time="0" status="notrun">
      <skipped message="Unable to find executable"/></testcase>
  </testsuite>`;
  assert.deepEqual(
    programsOf(junit).map(({ name, status }) => `${name} ${status}`),
    ['base run', 'net fail', 'sim skip', 'sdp fail'],
  );
});

test('a program that crashed counts as a failure, beside what it had passed', () => {
  const crashed = countPrograms([{ name: 'net', status: 'fail' }], () => undefined);
  assert.deepEqual(crashed, { passed: 0, failed: 1, skipped: 0 });
  const late = countPrograms([{ name: 'net', status: 'fail' }], () => gtest(ran, ran));
  assert.deepEqual(late, { passed: 2, failed: 1, skipped: 0 });
});

test('a failed test is not counted twice', () => {
  const report = gtest(ran, { ...ran, failures: [{}] });
  const total = countPrograms([{ name: 'net', status: 'fail' }], () => report);
  assert.deepEqual(total, { passed: 1, failed: 1, skipped: 0 });
});

test('a program without a report counts as one test', () => {
  const programs = [
    { name: 'sim', status: 'run' },
    { name: 'fuzz', status: 'skip' },
  ];
  assert.deepEqual(
    countPrograms(programs, () => undefined),
    { passed: 1, failed: 0, skipped: 1 },
  );
});

test('both summaries of node --test are read, cancelled tests as failures', () => {
  const tap = '# tests 6\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\n';
  assert.deepEqual(countNode(tap), { passed: 3, failed: 2, skipped: 1 });
  assert.deepEqual(countNode(tap.replaceAll('#', 'ℹ')), { passed: 3, failed: 2, skipped: 1 });
  assert.throws(() => countNode('it crashed\n'), /no summary/);
});

test('a vitest file that cannot be loaded is a failure', () => {
  const report = {
    numPassedTests: 2,
    numFailedTests: 0,
    numPendingTests: 1,
    testResults: [
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
      { status: 'failed', assertionResults: [] },
    ],
  };
  assert.deepEqual(countVitest(report), { passed: 2, failed: 1, skipped: 1 });
});

test('a skip of node --test has its name, its suites and its reason', () => {
  const log = `▶ a relay
  ✔ is there (1.5ms)
  ﹣ of another family (0.2ms) # no namespace
  ▶ in a room
    ﹣ without a reason (0.1ms) # SKIP
  ✔ in a room (2ms)
✔ a relay (5ms)
✔ a name with (3 ms) # in it (1ms)
﹣ alone (0.3ms) # no coturn
✖ failing tests:
﹣ alone (0.3ms) # no coturn
`;
  assert.deepEqual(skipsOfNode(log), [
    { name: 'a relay, of another family', why: 'no namespace' },
    { name: 'a relay, in a room, without a reason', why: 'no reason given' },
    { name: 'alone', why: 'no coturn' },
  ]);
});

test('a skip of GoogleTest has the reason that its program printed', () => {
  const junit = `<testsuite name="x" tests="3">
    <testcase name="store" classname="store" time="0.01" status="run">
      <system-out>[ RUN      ] Files.are_private
[       OK ] Files.are_private (12 ms)
[ RUN      ] Files.of_another_account
/x/files_test.cpp:91: Skipped
1 test: only root can give a file away &lt;EPERM&gt;
[  SKIPPED ] Files.of_another_account (0 ms)
[ RUN      ] Files.silently
/x/files_test.cpp:95: Skipped

[  SKIPPED ] Files.silently (0 ms)
[  SKIPPED ] 2 tests, listed below:
[  SKIPPED ] Files.of_another_account
[  SKIPPED ] Files.silently
</system-out></testcase>
    <testcase name="sim" classname="sim" time="0" status="notrun">
      <skipped message="SKIP_RETURN_CODE=77"/></testcase>
    <testcase name="sdp" classname="sdp" time="0" status="notrun">
      <skipped message="Unable to find executable"/></testcase>
  </testsuite>`;
  assert.deepEqual(skipsOfPrograms(junit), [
    { name: 'Files.of_another_account', why: '1 test: only root can give a file away <EPERM>' },
    { name: 'Files.silently', why: 'no reason given' },
    { name: 'sim', why: 'SKIP_RETURN_CODE=77' },
  ]);
});

test('a skip of vitest has its name', () => {
  const assertionResults = [
    { status: 'passed', fullName: 'a' },
    { status: 'skipped', fullName: 'b c' },
    { status: 'todo', fullName: 'd' },
  ];
  assert.deepEqual(skipsOfVitest({ testResults: [{ assertionResults }] }), [
    { name: 'b c', why: 'no reason given' },
    { name: 'd', why: 'todo' },
  ]);
});
