# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./run clean [--all]
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/server.sh

all=no
for argument in "$@"; do
  case $argument in
    --all) all=yes ;;
    *) die "./run clean [--all]; it knows no $argument" ;;
  esac
done

left_over=$(left_over_pid)
[[ -z $left_over ]] ||
  die "A demo still runs from here (process $left_over). Ctrl-C there, or: kill $left_over"
rm -rf build build-* .demo .run-logs web/*/dist coverage
if [[ $all == yes ]]; then
  rm -rf .tools node_modules web/*/node_modules tests/*/node_modules bench/peers/*/node_modules
  say "Removed what was built, the demo's data, the logs, the npm packages and the fetched Node."
else
  say "Removed what was built, the demo's data and the logs."
fi
