# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What a person sees: steps with their time, and failures that say where to look.

LOG_DIR=.run-logs

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
die() {
  warn "$*"
  exit 1
}

# Milliseconds of a steady enough clock, for the times beside the steps.
now_ms() { printf '%s' "$((${EPOCHREALTIME/[.,]/} / 1000))"; }
seconds_since() {
  local ms=$(($(now_ms) - $1))
  printf '%d.%d s' "$((ms / 1000))" "$((ms % 1000 / 100))"
}

heading() { printf '\n%s\n' "$*"; }

# step NAME TITLE HINT COMMAND...
# Runs COMMAND with its output in .run-logs/NAME.log. HINT is the likely fix, told on failure.
# Not for use in a condition: bash would drop `set -e` inside COMMAND.
step() {
  local title=$2 hint=$3 log=$LOG_DIR/$1.log tail_lines=25 start status
  [[ -n ${CI:-} ]] && tail_lines=150
  shift 3
  mkdir -p "$LOG_DIR"
  printf '  %-34s ' "$title"
  start=$(now_ms)
  set +e
  (
    set -e
    "$@"
  ) >"$log" 2>&1 </dev/null
  status=$?
  set -e
  printf '%10s\n' "$(seconds_since "$start")"
  [[ $status -eq 0 ]] && return 0
  {
    printf '\n%s failed (exit %d).\n' "$title" "$status"
    # A compiler's error may stand far above the end.
    grep -a -m 5 -E '(^|[^a-z_])(fatal )?error[: ]' "$log" | cut -c 1-300 | sed 's/^/  ! /' || true
    printf '  log   %s, which ends:\n' "$log"
    tail -n "$tail_lines" "$log" | sed 's/^/  | /' || true
    printf '  try   %s\n' "$hint"
  } >&2
  return "$status"
}
