# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./run scan [FOLDER]
# sslscan and testssl against the release server on loopback; what they say goes into FOLDER
# (.run-logs/scan without one). A finding of medium severity or above is a failure.
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/packages.sh
source tools/run/lib/node.sh
source tools/run/lib/build.sh

[[ $# -le 1 && ${1:-} != -* ]] || die "./run scan [FOLDER]; it knows no $*"

setup_packages build test scan
setup_node
setup_modules
build_web
build_server release stillroom
heading "TLS, as scanners see it"
node tools/scan/scan.mjs "${1:-$LOG_DIR/scan}"
