# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: unit tests of the web client
# fast: yes
# needs: build
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh

report=$LOG_DIR/vitest-web.json
mkdir -p "$LOG_DIR"
rm -f "$report"
npm test --silent -- --reporter=default --reporter=json --outputFile.json="$PWD/$report" \
  </dev/null || true
count_tests vitest "$report"
finish_part
