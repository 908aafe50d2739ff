# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: each listed rule is taken out, and a test has to notice
# fast: no
# on demand: yes
# needs: build test
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh

node tests/mutants/run.mjs
