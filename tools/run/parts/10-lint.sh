# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: lint: format, include arrows, sizes, words, web
# fast: yes
# needs: build test
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh
source tools/run/lib/lint.sh

check 'include arrows' node tools/check-includes.mjs
check 'sizes' node tools/check-sizes.mjs
check 'words' node tools/check-words.mjs
check 'format of C++ (mend: ./run lint --fix)' check_cpp_format
check 'format and lint of scripts (mend: ./run lint --fix)' check_scripts
check 'shell scripts' check_shell
check 'types, format and lint of the web client' check_web
run_node_tests tools tools/test/*.test.mjs
finish_part
