# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Each part's time against tools/time-budget.json. A part over its budget is told loudly; only the
# whole being over its budget is a failure, and only in CI.

TIMES=$LOG_DIR/times.txt

# Compilations so far that the compiler cache did not have, and those it had.
cache_counts() {
  ccache --print-stats 2>/dev/null | awk '
    $1 == "cache_miss" { miss = $2 }
    $1 == "direct_cache_hit" || $1 == "preprocessed_cache_hit" { hit += $2 }
    END { print miss + 0, hit + 0 }'
}

start_budget() {
  : >"$TIMES"
  cache_counts >"$LOG_DIR/cache-before.txt"
}

# note_time PART SECONDS
note_time() { printf '%s %d\n' "$1" "$2" >>"$TIMES"; }

# Cold when more was compiled than was found in the cache.
budget_kind() {
  local miss_before hit_before miss hit
  read -r miss_before hit_before <"$LOG_DIR/cache-before.txt"
  read -r miss hit < <(cache_counts)
  if [[ $((miss - miss_before)) -gt $((hit - hit_before)) ]]; then
    printf cold
  else
    printf warm
  fi
}

report_budget() {
  heading "Time against the budget ($(budget_kind))"
  if ! node tools/time-budget.mjs tools/time-budget.json "$TIMES" "$(budget_kind)"; then
    [[ -z ${CI:-} ]] || {
      total_failed=$((total_failed + 1))
      failed_parts+=(time-budget)
    }
  fi
}
