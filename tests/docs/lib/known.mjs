// SPDX-License-Identifier: Apache-2.0
// Commands that are too heavy to be run for the sake of a document, and what runs them instead: a
// part of `./run test`, and a line in a file that shows it.
export const kRunElsewhere = [
  {
    command: /^\.\/run demo( --port \d+| --auto| --seconds \d+)*$/,
    part: '55-demo',
    proof: ['tests/docs/demo.test.mjs', "spawn('./run'"],
  },
  {
    command: /^\.\/run test( --fast)?( [a-z0-9-]+)*$/,
    part: '10-lint',
    proof: ['.ci/run', 'exec ./run test'],
  },
  {
    command: /^\.\/run lint( --fix)?$/,
    part: '10-lint',
    proof: ['tools/run/lint.sh', 'tools/run/parts/10-lint.sh'],
  },
  {
    command: /^\.\/run lint --tidy$/,
    part: '60-tidy',
    proof: ['tools/run/lint.sh', 'tools/run/parts/60-tidy.sh'],
  },
  {
    command: /^\.\/run build( --tests)?$/,
    part: '20-unit',
    proof: ['tools/run/test.sh', 'build_server release'],
  },
  {
    command: /^\.\/run build --preset asan-ubsan --tests$/,
    part: '70-asan-ubsan',
    proof: ['tools/run/parts/70-asan-ubsan.sh', 'configure_server asan-ubsan'],
  },
  {
    command: /^\.\/run fuzz( --seconds \d+)?$/,
    part: '75-fuzz',
    proof: ['tools/run/fuzz.sh', 'run_fuzz_target'],
  },
  {
    command: /^\.\/run scan$/,
    part: '25-security',
    proof: ['tests/security/scan.test.mjs', "from '../../tools/scan/scanners.mjs'"],
  },
  {
    command: /^cmake --preset debug$/,
    part: '60-tidy',
    proof: ['tools/run/parts/60-tidy.sh', 'cmake --preset debug'],
  },
  {
    command: /^cmake --build build-debug --target [a-z]+_test$/,
    part: '80-tsan',
    proof: ['tools/run/parts/80-tsan.sh', '/%/_test'],
  },
  {
    command: /^ctest --test-dir build-debug -R [a-z]+$/,
    part: '20-unit',
    proof: ['tools/run/lib/parts.sh', 'ctest --test-dir'],
  },
  {
    command: /^npm test$/,
    part: '30-web',
    proof: ['tools/run/parts/30-web.sh', 'npm test'],
  },
  {
    command: /^node --test tests\/contract\/[a-z_]+\.test\.mjs$/,
    part: '40-contract',
    proof: ['tools/run/parts/40-contract.sh', 'tests/contract/*.test.mjs'],
  },
];

/** Run here, in the project itself: they look and change nothing. */
export const kRunHere = [/^\.\/run help$/, /^\.\/run doctor$/];

/** Run here, in a folder of their own. */
export const kRunApart = [
  /^build\/stillroom /,
  /^\(umask 077; openssl rand -base64 \d+ > [\w.]+(; openssl rand -base64 \d+ > [\w.]+)*\)$/,
];
