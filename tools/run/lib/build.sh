# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Building: the web client first (the server embeds it), then the server.

# Everything the web client's build reads, as one hash.
web_stamp() {
  {
    find web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -print0
    find . -maxdepth 1 -type f \( -name '*.json' -o -name .npmrc \) -print0
  } | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

run_web_build() {
  npm run build
  web_stamp >web/room/dist/.made-from
}

build_web() {
  [[ -f package.json && -d web ]] || return 0
  local made_from=
  [[ -f web/room/dist/.made-from ]] && made_from=$(<web/room/dist/.made-from)
  if [[ $made_from == "$(web_stamp)" ]]; then return 0; fi
  step build-web "web client" \
    "a type or bundling error stands in the log; after a change of packages: npm install" \
    run_web_build
}

# Where a preset builds: `build` for release, `build-<preset>` for the others.
build_dir() {
  if [[ $1 == release ]]; then printf build; else printf 'build-%s' "$1"; fi
}

configure_server() {
  cmake --preset "$1"
}

compile_server() {
  local dir=$1
  shift
  cmake --build "$dir" "$@"
}

# build_server PRESET TARGET...: no target means all.
build_server() {
  local preset=$1 dir target_arguments=()
  shift
  dir=$(build_dir "$preset")
  [[ $# -gt 0 ]] && target_arguments=(--target "$@")
  # Once configured, the build itself sees changed CMake files and new sources.
  if [[ ! -f $dir/build.ninja || CMakePresets.json -nt $dir/build.ninja ]]; then
    step "configure-$preset" "configure ($preset)" \
      "./run doctor shows what is missing; ./run clean starts anew" configure_server "$preset"
  fi
  step "build-$preset" "server ($preset)" \
    "a compiler error stands in the log; out of memory: cmake --build $dir -j1" \
    compile_server "$dir" "${target_arguments[@]}"
}
