# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: the contract, by stock clients against the built server
# fast: yes
# needs: build
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh

run_node_tests contract --test-concurrency=2 tests/contract/*.test.mjs
finish_part
