# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: the decoders under libFuzzer, 60 seconds together
# fast: no
# needs: build test
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh
source tools/run/lib/build.sh
source tools/run/lib/fuzz.sh

# Built by the part asan-ubsan before this one, or here when this part runs alone.
configure_once() { [[ -f $(build_dir asan-ubsan)/build.ninja ]] || configure_server asan-ubsan; }
check 'configure (asan-ubsan)' configure_once
check 'build the fuzz targets' \
  compile_server "$(build_dir asan-ubsan)" --target fuzzers fuzz_canary
# shellcheck disable=SC2119  # all of them
mapfile -t targets < <(fuzz_targets)
[[ ${#targets[@]} -gt 0 ]] || check 'there are fuzz targets' false
for target in "${targets[@]}"; do
  check "fuzz $(fuzz_name "$target")" run_fuzz_target "$target" "$((60 / ${#targets[@]} + 1))"
  grep -E '^(stat::number_of_executed_units|SUMMARY)' \
    "$LOG_DIR/fuzz-$(fuzz_name "$target").log" || true
done
# What is in the corpus and what once broke a decoder; and the canary that must be caught.
run_ctest asan-ubsan --label-regex '^fuzz$'
finish_part
