# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./run fuzz [--seconds N] [TARGET...]
# Builds fuzz/ with clang under ASan and UBSan and runs each target for its share of N seconds.
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/packages.sh
source tools/run/lib/node.sh
source tools/run/lib/build.sh
source tools/run/lib/fuzz.sh

seconds=60
wanted=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --seconds)
      [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || die "--seconds needs a number"
      seconds=$2
      shift
      ;;
    -*) die "./run fuzz [--seconds N] [TARGET...]; it knows no $1" ;;
    *) wanted+=("$1") ;;
  esac
  shift
done

setup_packages build test
setup_node
setup_modules
build_web
build_server asan-ubsan fuzzers
mapfile -t targets < <(fuzz_targets "${wanted[@]}")
[[ ${#targets[@]} -gt 0 ]] || die "No fuzz target is called ${wanted[*]:-so}."
status=0
for target in "${targets[@]}"; do
  printf '  %-24s ' "$(fuzz_name "$target")"
  if run_fuzz_target "$target" "$((seconds / ${#targets[@]} + 1))"; then
    say 'no finding'
  else
    say "FOUND SOMETHING: $LOG_DIR/fuzz-$(fuzz_name "$target").log"
    status=1
  fi
done
exit "$status"
