# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./run doctor: looks, changes nothing. Exit 1 when something that the build needs is missing.
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/packages.sh
source tools/run/lib/node.sh
source tools/run/lib/server.sh

needed_is_missing=no

row() { printf '  %-16s %s\n' "$1" "$2"; }

# version_row NAME COMMAND...: the first line that the command prints, or that it is missing.
version_row() {
  local name=$1
  shift
  if command -v "$1" >/dev/null; then
    row "$name" "$("$@" 2>/dev/null | head -n 1)"
  else
    row "$name" "missing"
  fi
}

system_rows() {
  local free_gb name
  name=$(sed -n 's/^PRETTY_NAME="\(.*\)"$/\1/p' /etc/os-release)
  row system "$name, $(uname -m), kernel $(uname -r)"
  row cores "$(nproc)"
  row memory "$(awk '/^MemAvailable/ { printf "%.1f GB available", $2 / 1e6 }' /proc/meminfo)"
  free_gb=$(df -Pk . | awk 'NR == 2 { printf "%d", $4 / 1e6 }')
  row disk "$free_gb GB free$([[ $free_gb -ge 5 ]] || printf ' (a build of everything wants 5)')"
  row descriptors "$(ulimit -n) (soft limit), $(ulimit -Hn) (hard)"
}

package_rows() {
  local group missing
  for group in build browser turn test scan; do
    mapfile -t missing < <(missing_packages "$group")
    if [[ ${#missing[@]} -eq 0 ]]; then
      row "$group" "all here"
    else
      row "$group" "missing: ${missing[*]}"
      [[ $group == build ]] && needed_is_missing=yes
    fi
  done
}

node_rows() {
  if node_is_new_enough; then
    row node "$(node --version), npm $(npm --version 2>/dev/null || printf 'missing')"
  elif [[ -x $NODE_HOME/bin/node ]]; then
    row node "$("$NODE_HOME/bin/node" --version), fetched into $NODE_HOME"
  else
    row node "none >= 20.19; the build fetches a pinned one into $NODE_HOME"
  fi
  if [[ -f node_modules/.made-from ]]; then
    row 'npm packages' "here"
  else
    row 'npm packages' "not installed yet"
  fi
}

built_rows() {
  local pid
  if [[ -x build/stillroom ]]; then
    row server "build/stillroom, $(build/stillroom version 2>/dev/null | head -n 1)"
  else
    row server "not built: ./run build"
  fi
  if [[ -f web/room/dist/index.html ]]; then row web built; else row web "not built"; fi
  pid=$(left_over_pid)
  if [[ -n $pid ]]; then row demo "runs, process $pid"; else row demo "does not run"; fi
}

heading "Machine"
system_rows
heading "Debian packages (tools/debian-packages.txt)"
package_rows
heading "Tools"
version_row g++ g++ --version
version_row clang clang++-19 --version
version_row cmake cmake --version
version_row ninja ninja --version
version_row ccache ccache --version
version_row chromium chromium --version --no-sandbox
version_row firefox firefox-esr --version
heading "Node"
node_rows
heading "Here"
built_rows
if [[ $needed_is_missing == yes ]]; then
  say
  say "Something that the build needs is missing: ./run build installs it, as root or with sudo."
  exit 1
fi
