# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./run test [--fast] [PART...]
#
# Runs the parts in tools/run/parts/ in order, each with its own log and time. The last line is the
# sum, `N passed, N failed, N skipped`; a part that ends without such a line is a failure. A part
# that says `on demand` runs when it is named only.
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/packages.sh
source tools/run/lib/node.sh
source tools/run/lib/build.sh
source tools/run/lib/budget.sh

fast=no
wanted=()
for argument in "$@"; do
  case $argument in
    --fast) fast=yes ;;
    -*) die "./run test [--fast] [PART...]; it knows no $argument" ;;
    *) wanted+=("$argument") ;;
  esac
done

total_passed=0
total_failed=0
total_skipped=0
failed_parts=()
skips=()

part_name() {
  local name=${1##*/}
  name=${name%.sh}
  printf '%s' "${name#[0-9][0-9]-}"
}

# part_field FILE FIELD: the part's own word about itself.
part_field() { sed -n "s/^# $2: //p" "$1" | head -n 1; }

chosen_parts() {
  local file
  for file in tools/run/parts/[0-9][0-9]-*.sh; do
    if [[ ${#wanted[@]} -gt 0 ]]; then
      [[ " ${wanted[*]} " == *" $(part_name "$file") "* ]] || continue
    elif [[ $(part_field "$file" 'on demand') == yes ]]; then
      continue
    elif [[ $fast == yes && $(part_field "$file" fast) != yes ]]; then
      continue
    fi
    printf '%s\n' "$file"
  done
}

known_parts() {
  local file
  for file in tools/run/parts/[0-9][0-9]-*.sh; do printf '%s ' "$(part_name "$file")"; done
}

refuse_unknown_parts() {
  local name
  for name in "${wanted[@]}"; do
    [[ " $(known_parts)" == *" $name "* ]] ||
      die "No part is called $name. There are: $(known_parts)"
  done
}

# No skip goes unsaid: whoever reads the end of a run knows what it did not look at, and why.
show_skips() {
  [[ ${#skips[@]} -gt 0 ]] || return 0
  heading "SKIPPED, and why"
  printf '  %s\n' "${skips[@]}"
}

finish() {
  show_skips
  if [[ ${#failed_parts[@]} -gt 0 ]]; then
    warn "Failed: ${failed_parts[*]}"
  fi
  printf '%d passed, %d failed, %d skipped\n' "$total_passed" "$total_failed" "$total_skipped"
  trap - EXIT
  [[ $total_failed -eq 0 && $total_passed -gt 0 ]] || exit 1
  exit 0
}

# What must not go unsaid: why something failed, and what was skipped.
show_part_trouble() {
  local log=$1 lines=40
  [[ -n ${CI:-} ]] && lines=300
  {
    grep -n -a -E '^(FAILED: |not ok |.*\[  FAILED  \]| *✖ )' "$log" | head -n 40 || true
    printf '  log   %s, which ends:\n' "$log"
    tail -n "$lines" "$log" | sed 's/^/  | /'
  } >&2
}

collect_skips() {
  local part=$1 log=$2 line
  while IFS= read -r line; do
    skips+=("$part: ${line#SKIPPED: }")
  done < <(grep -a '^SKIPPED: ' "$log" || true)
}

run_part() {
  local file=$1 name title log start status last
  name=$(part_name "$file")
  title=$(part_field "$file" title)
  log=$LOG_DIR/part-$name.log
  printf '%-14s %s ... ' "$name" "${title:-(no title)}"
  start=$(now_ms)
  set +e
  bash "$file" >"$log" 2>&1 </dev/null
  status=$?
  set -e
  last=$(tail -n 1 "$log")
  note_time "$name" $((($(now_ms) - start) / 1000))
  if [[ ! $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
    printf 'no count (exit %d), %s\n' "$status" "$(seconds_since "$start")"
    total_failed=$((total_failed + 1))
    failed_parts+=("$name")
    show_part_trouble "$log"
    return 0
  fi
  local passed=${BASH_REMATCH[1]} failed=${BASH_REMATCH[2]} skipped=${BASH_REMATCH[3]}
  if [[ $failed -eq 0 && ($status -ne 0 || $((passed + skipped)) -eq 0) ]]; then
    failed=1
  fi
  printf '%d/%d/%d, %s\n' "$passed" "$failed" "$skipped" "$(seconds_since "$start")"
  collect_skips "$name" "$log"
  total_passed=$((total_passed + passed))
  total_failed=$((total_failed + failed))
  total_skipped=$((total_skipped + skipped))
  if [[ $failed -gt 0 ]]; then
    failed_parts+=("$name")
    show_part_trouble "$log"
  fi
}

# Whatever the chosen parts need, once, before the first of them.
set_up() {
  local file groups=()
  for file in "$@"; do
    read -r -a needs <<<"$(part_field "$file" needs)"
    groups+=("${needs[@]}")
  done
  setup_packages build "${groups[@]}"
  setup_node
  setup_modules
  build_web
  build_server release
}

refuse_unknown_parts
mapfile -t parts < <(chosen_parts)
mkdir -p "$LOG_DIR"
start_budget

# A step that fails ends this script; the count must be its last line even so.
trap 'total_failed=$((total_failed + 1)); failed_parts+=(set-up); finish' EXIT
heading "Set-up and build"
set_up_start=$(now_ms)
set_up "${parts[@]}"
note_time set-up $((($(now_ms) - set_up_start) / 1000))
trap - EXIT

heading "Parts (passed/failed/skipped)"
for part in "${parts[@]}"; do run_part "$part"; done
report_budget
finish
