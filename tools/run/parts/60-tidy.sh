# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# title: clang-tidy on what changed
# fast: no
# needs: build test
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/parts.sh
source tools/run/lib/lint.sh
source tools/run/lib/build.sh

# Its own build folder, of which only the commands are wanted: tidy and compiler both are clang.
tidy_dir=build-tidy

configure_tidy() {
  cmake --preset debug -B "$tidy_dir" \
    -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_C_COMPILER=clang-19 -DSTILLROOM_TESTS=ON
}

check 'configure for clang-tidy' configure_tidy
mapfile -t changed < <(changed_cpp_sources)
printf '%d changed sources\n' "${#changed[@]}"
if [[ ${#changed[@]} -eq 0 ]]; then
  skip 'no C++ source changed'
fi
tidy_all() {
  printf '%s\0' "${changed[@]}" | xargs -0 -n 1 -P "$(nproc)" \
    clang-tidy-19 --quiet -p "$tidy_dir" --extra-arg=-Wno-unknown-warning-option
}
[[ ${#changed[@]} -eq 0 ]] || check "clang-tidy on ${#changed[@]} sources" tidy_all
finish_part
