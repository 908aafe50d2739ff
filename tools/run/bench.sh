# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./run bench [NAME...]: each bench/run/<name>.sh prints its figures, as ratios, with its command.
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/packages.sh
source tools/run/lib/node.sh
source tools/run/lib/build.sh

setup_packages build browser test
setup_node
setup_modules
build_web
build_server release
status=0
for file in bench/run/*.sh; do
  [[ -f $file ]] || die "There is no bench in bench/run yet."
  name=$(basename "$file" .sh)
  [[ $# -eq 0 || " $* " == *" $name "* ]] || continue
  heading "$name"
  bash "$file" || status=1
done
exit "$status"
