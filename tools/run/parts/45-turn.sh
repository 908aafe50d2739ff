# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: coturn with the shipped file: credentials, and whom a relay may reach
# fast: no
# needs: build turn test
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh

run_node_tests turn --test-concurrency=1 tests/turn/*.test.mjs
finish_part
