# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Fuzz targets are programs <name>_fuzz of the asan-ubsan build; fuzz/corpus/<name>/ is where each
# starts, fuzz/regressions/<name>/ what once broke it. New inputs stay in the build folder.

fuzz_name() {
  local name=${1##*/}
  printf '%s' "${name%_fuzz}"
}

# fuzz_targets NAME...: the programs of these names; without names all.
fuzz_targets() {
  local program
  while read -r program; do
    if [[ $# -eq 0 || " $* " == *" $(fuzz_name "$program") "* ]]; then
      printf '%s\n' "$program"
    fi
  done < <(find "$(build_dir asan-ubsan)" -type f -executable -name '*_fuzz' | sort)
}

# run_fuzz_target PROGRAM SECONDS: its log is .run-logs/fuzz-<name>.log; a crash stays beside it.
run_fuzz_target() {
  local program=$1 seconds=$2 name found folder folders=()
  name=$(fuzz_name "$program")
  found=$(build_dir asan-ubsan)/fuzz-found/$name
  mkdir -p "$LOG_DIR" "$found"
  folders=("$found")
  for folder in "fuzz/corpus/$name" "fuzz/regressions/$name"; do
    if [[ -d $folder ]]; then folders+=("$folder"); fi
  done
  "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$LOG_DIR/crash-$name-" "${folders[@]}" \
    >"$LOG_DIR/fuzz-$name.log" 2>&1 </dev/null
}
