# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
cat <<'TEXT'
Stillroom: private video calls between a therapist and clients.

  ./run demo [--port N] [--turn]      build, start, and links for a therapist and two clients
  ./run demo --auto [--seconds N]     the same call by two headless browsers; prints one JSON record
  ./run test [--fast] [PART...]       every check; the last line counts them
  ./run build [--preset P] [--tests]  build/stillroom (or build-P/) without starting it
  ./run lint [--tidy] [--fix]         format, include arrows, sizes, words, web; --tidy: clang-tidy
  ./run bench [NAME...]               the figures of bench/README.md
  ./run fuzz [--seconds N]            the decoders under libFuzzer, N seconds together
  ./run scan [FOLDER]                 TLS as sslscan and testssl see it
  ./run doctor                        what is here, what is missing
  ./run clean [--all]                 remove what was built (--all: fetched tools and packages too)

Missing Debian packages (tools/debian-packages.txt) are installed at the first run, as root or with
sudo. Logs of each step are in .run-logs/.
TEXT
