# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: the documents: their commands, links and schemas
# fast: yes
# needs: build
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh

run_node_tests docs tests/docs/{asvs,commands,limits}.test.mjs tests/protocol/*.test.mjs
finish_part
