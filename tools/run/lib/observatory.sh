# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The grader that tests/security/observatory.test.mjs asks, pinned by tools/observatory. Its 130 MB
# are of no use to anything else: they go to .tools/, not into the workspace. No install script
# runs.

OBSERVATORY_HOME=.tools/observatory

fetch_observatory() {
  rm -rf "$OBSERVATORY_HOME" && mkdir -p "$OBSERVATORY_HOME" &&
    cp tools/observatory/{.npmrc,package.json,package-lock.json} "$OBSERVATORY_HOME/" &&
    (cd "$OBSERVATORY_HOME" && npm ci --ignore-scripts --no-audit --no-fund) &&
    cp tools/observatory/package-lock.json "$OBSERVATORY_HOME/lock-of-this-grader"
}

# Without it the test is skipped, and says so.
setup_observatory() {
  cmp -s tools/observatory/package-lock.json "$OBSERVATORY_HOME/lock-of-this-grader" && return 0
  fetch_observatory ||
    printf 'The grader could not be fetched: the npm registry has to be reachable once.\n'
}
