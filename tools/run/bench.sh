# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./run bench [idle|relay|start|connect|door|rates|flood|all] [OPTION N...]
#
# One table for each, with ratios and targets; all single values go to bench/results/latest.json.
# Options are those of the one program in bench/load/ that is named. A missed target is a result,
# not a failure: the exit says only whether everything could be measured.
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/packages.sh
source tools/run/lib/node.sh
source tools/run/lib/build.sh

usage='./run bench [idle|relay|start|connect|door|rates|flood|all] [OPTION N...]'
name=${1:-all}
[[ $# -eq 0 ]] || shift
case $name in
  all)
    names=(start connect door rates flood relay idle)
    [[ $# -eq 0 ]] || die "Options belong to one bench. $usage"
    ;;
  idle | relay | start | connect | door | rates | flood) names=("$name") ;;
  *) die "$usage; it knows no $name" ;;
esac

groups=(build)
[[ " ${names[*]} " != *" connect "* ]] || groups+=(browser)
[[ " ${names[*]} " != *" door "* ]] || groups+=(test)
setup_packages "${groups[@]}"
setup_node
setup_modules
build_web
build_server release stillroom

status=0
for name in "${names[@]}"; do
  heading "$name"
  # The JSON line is for who runs the program itself; here it would hide the table.
  node "bench/load/$name.mjs" "$@" | sed '/^{/d' || status=1
done
say
say "  Every single value: bench/results/latest.json"
exit "$status"
