# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Checks that need no running program. `fix` in front of a name mends what can be mended.

cpp_sources() {
  git ls-files -z --cached --others --exclude-standard -- '*.cpp' '*.hpp'
}

shell_sources() {
  git ls-files -z --cached --others --exclude-standard -- run .ci/run '*.sh'
}

# Their own formatter does the web client; this is for the checks and the browser tests.
script_folders() {
  local folder
  for folder in tools tests; do
    [[ -d $folder ]] && printf '%s\n' "$folder"
  done
}

check_cpp_format() { cpp_sources | xargs -0 -r clang-format-19 --dry-run --Werror; }
fix_cpp_format() { cpp_sources | xargs -0 -r clang-format-19 -i; }
check_shell() { shell_sources | xargs -0 -r shellcheck --external-sources; }
check_web() { npm run --silent check; }

check_scripts() {
  local folders
  mapfile -t folders < <(script_folders)
  node_modules/.bin/biome check --error-on-warnings "${folders[@]}"
}

fix_scripts() {
  local folders
  mapfile -t folders < <(script_folders)
  node_modules/.bin/biome check --write "${folders[@]}"
}

# C++ sources that differ from where this branch left main, or from the last commit on main itself;
# uncommitted ones too.
changed_cpp_sources() {
  local base
  base=$(git merge-base HEAD origin/main 2>/dev/null || true)
  if [[ -z $base || $base == "$(git rev-parse HEAD)" ]]; then
    base=$(git rev-parse -q --verify HEAD~1 || git hash-object -t tree /dev/null)
  fi
  {
    git diff --name-only --diff-filter=d "$base" -- 'server/*.cpp'
    git ls-files --others --exclude-standard -- 'server/*.cpp'
  } | sort -u
}
