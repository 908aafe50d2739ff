# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: clang-19 build under ASan and UBSan, its tests, and the server in the clients' hands
# fast: no
# needs: build test
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh
source tools/run/lib/build.sh

export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:detect_leaks=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
configure_once() { [[ -f $(build_dir asan-ubsan)/build.ninja ]] || configure_server asan-ubsan; }
check 'configure (asan-ubsan)' configure_once
check 'build (asan-ubsan)' compile_server "$(build_dir asan-ubsan)"
# The simulated world has a part of its own, in the release build; the fuzz targets have the next.
run_ctest asan-ubsan --label-exclude '^(fuzz|sim)$'
# The server itself, with connections that move between workers and clients that mean harm.
run_contract asan-ubsan call bad_input join
finish_part
