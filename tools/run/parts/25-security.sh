# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: hostile input at the door
# fast: yes
# needs: build test
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh
source tools/run/lib/observatory.sh

setup_observatory
run_node_tests security --test-concurrency=1 tests/security/*.test.mjs
# How many there were is part of the result.
grep -E '^ *ℹ .*(kinds|mutations|SEED|A[+])' "$LOG_DIR/node-security.log" || true
finish_part
