# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: release build and its unit tests
# fast: yes
# needs: build
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh
source tools/run/lib/build.sh

check 'release build with its tests' compile_server build
run_ctest release --label-regex '^unit$'
finish_part
