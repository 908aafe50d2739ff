# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: ./run demo, by hand and --auto
# fast: no
# needs: build browser
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh

run_node_tests demo tests/docs/demo.test.mjs
finish_part
