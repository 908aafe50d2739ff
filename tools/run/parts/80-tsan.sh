# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: the threaded modules and the whole server under TSan
# fast: no
# needs: build test
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh
source tools/run/lib/build.sh

modules=(net gateway signalling store)
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
configure_once() { [[ -f $(build_dir tsan)/build.ninja ]] || configure_server tsan; }
check 'configure (tsan)' configure_once
check 'build (tsan)' compile_server "$(build_dir tsan)" --target stillroom "${modules[@]/%/_test}"
run_ctest tsan --tests-regex "^($(
  IFS='|'
  printf '%s' "${modules[*]}"
))$"
run_contract tsan call restart join
finish_part
