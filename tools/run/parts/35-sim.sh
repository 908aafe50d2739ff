# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: the simulated world, 500 seeds, and its canaries
# fast: no
# needs: build
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh
source tools/run/lib/build.sh

run_ctest release --label-regex '^sim$'
finish_part
