# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the parts of `./run test` share. A part is a file tools/run/parts/NN-name.sh with
#   # title: what it checks
#   # fast: yes|no         whether `./run test --fast` runs it
#   # needs: build test    groups of tools/debian-packages.txt
# It is run from the project's root, and its last line is `N passed, N failed, N skipped`.

CTEST_OUTPUT_BYTES_MAX=4000000

checks_passed=0
checks_failed=0
checks_skipped=0

# check TITLE COMMAND...: one pass or one failure; the command's words stay in the part's log.
check() {
  local title=$1 status
  shift
  printf -- '--- %s\n' "$title"
  set +e
  (
    set -e
    "$@"
  )
  status=$?
  set -e
  if [[ $status -eq 0 ]]; then
    checks_passed=$((checks_passed + 1))
  else
    checks_failed=$((checks_failed + 1))
    printf 'FAILED: %s (exit %d)\n' "$title" "$status"
  fi
}

skip() {
  checks_skipped=$((checks_skipped + 1))
  printf 'SKIPPED: %s\n' "$*"
}

# add_count LINE: takes over a runner's `N passed, N failed, N skipped`; anything else is a failure.
add_count() {
  if [[ $1 =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
    checks_passed=$((checks_passed + BASH_REMATCH[1]))
    checks_failed=$((checks_failed + BASH_REMATCH[2]))
    checks_skipped=$((checks_skipped + BASH_REMATCH[3]))
  else
    printf 'FAILED: no count, but "%s"\n' "$1"
    checks_failed=$((checks_failed + 1))
  fi
}

# count_tests KIND FILE...: what a runner left behind (see tools/count-tests.mjs): skips are named,
# the rest is counted.
count_tests() {
  local said
  said=$(node tools/count-tests.mjs "$@" || true)
  grep '^SKIPPED: ' <<<"$said" || true
  add_count "${said##*$'\n'}"
}

# The last word of a part.
finish_part() {
  printf '%d passed, %d failed, %d skipped\n' "$checks_passed" "$checks_failed" "$checks_skipped"
  [[ $checks_failed -eq 0 && $((checks_passed + checks_skipped)) -gt 0 ]]
}

# run_node_tests NAME FILE...: files for `node --test`, counted. One reporter through tee: a second
# one with a file of its own loses its end when the run is forced to end.
run_node_tests() {
  local log=$LOG_DIR/node-$1.log
  shift
  mkdir -p "$LOG_DIR"
  node --test --test-force-exit --test-timeout=240000 --test-reporter=spec "$@" </dev/null |
    tee "$log" || true
  count_tests node "$log"
}

# run_ctest PRESET CTEST-ARGUMENT...: the chosen test programs of a built preset, counted.
run_ctest() {
  local preset=$1 dir reports
  dir=$(build_dir "$preset")
  reports=$PWD/$LOG_DIR/gtest-$preset
  shift
  rm -rf "$reports"
  mkdir -p "$reports"
  # The reason of a skip stands in the output only, which ctest would cut.
  GTEST_OUTPUT="json:$reports/" ctest --test-dir "$dir" --output-on-failure --no-tests=error \
    --test-output-size-passed "$CTEST_OUTPUT_BYTES_MAX" \
    --test-output-size-failed "$CTEST_OUTPUT_BYTES_MAX" \
    --output-junit "$reports/ctest.xml" -j "$(nproc)" "$@" </dev/null || true
  count_tests gtest "$reports" "$reports/ctest.xml"
}

# run_contract PRESET NAME...: files of tests/contract against that preset's server, four workers.
run_contract() {
  local preset=$1 dir files
  dir=$(build_dir "$1")
  shift
  files=("${@/#/tests/contract/}")
  files=("${files[@]/%/.test.mjs}")
  export STILLROOM_BINARY=$PWD/$dir/stillroom STILLROOM_SERVER_WORKERS=4
  run_node_tests "contract-$preset" --test-concurrency=1 \
    "${files[@]}"
}
