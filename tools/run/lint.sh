# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./run lint [--tidy] [--fix]
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/packages.sh
source tools/run/lib/node.sh
source tools/run/lib/lint.sh

tidy=no
fix=no
for argument in "$@"; do
  case $argument in
    --tidy) tidy=yes ;;
    --fix) fix=yes ;;
    *) die "./run lint [--tidy] [--fix]; it knows no $argument" ;;
  esac
done

setup_packages build test
setup_node
setup_modules
if [[ $fix == yes ]]; then
  fix_cpp_format
  fix_scripts
  npm run --silent format
fi
bash tools/run/parts/10-lint.sh
[[ $tidy == no ]] || bash tools/run/parts/60-tidy.sh
