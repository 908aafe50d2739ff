# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./run build [--preset NAME] [--tests] [TARGET...]
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/packages.sh
source tools/run/lib/node.sh
source tools/run/lib/build.sh

preset=release
targets=(stillroom)
named=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --preset)
      preset=${2:?--preset needs a name: debug, release, asan-ubsan, tsan}
      shift
      ;;
    --tests) targets=() ;;
    -*) die "./run build [--preset NAME] [--tests] [TARGET...]; it knows no $1" ;;
    *) named+=("$1") ;;
  esac
  shift
done
[[ ${#named[@]} -gt 0 ]] && targets=("${named[@]}")

start=$(now_ms)
groups=(build)
case $preset in asan-ubsan | tsan) groups+=(test) ;; esac
setup_packages "${groups[@]}"
setup_node
setup_modules
build_web
build_server "$preset" "${targets[@]}"
say "Built $(build_dir "$preset")/${targets[0]:-} in $(seconds_since "$start")."
