# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: calls in real browsers
# fast: no
# needs: build browser turn test
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh

# One at a time: two small headless pages are what two cores carry.
run_node_tests e2e --test-concurrency=1 tests/e2e/*.test.mjs
finish_part
