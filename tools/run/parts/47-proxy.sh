# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: stock clients through nginx and HAProxy with the shipped files
# fast: no
# needs: build test
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh

run_node_tests proxy --test-concurrency=1 tests/proxy/*.test.mjs
finish_part
