# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./run demo [--port N] [--turn] [--auto [--seconds N]]
set -euo pipefail
source tools/run/lib/say.sh
source tools/run/lib/packages.sh
source tools/run/lib/node.sh
source tools/run/lib/build.sh
source tools/run/lib/server.sh
source tools/run/lib/turn.sh

usage='./run demo [--port N] [--turn] [--auto [--seconds N]]'
port=3000
auto=no
turn=no
seconds=5

number() {
  [[ ${2:-} =~ ^[0-9]{1,5}$ && $2 -ge $3 && $2 -le $4 ]] ||
    die "$1 needs a number from $3 to $4. $usage"
}

while [[ $# -gt 0 ]]; do
  case $1 in
    --port)
      number --port "${2:-}" 1024 65535
      port=$2
      shift
      ;;
    --seconds)
      number --seconds "${2:-}" 1 3600
      seconds=$2
      shift
      ;;
    --auto) auto=yes ;;
    --turn) turn=yes ;;
    *) die "$usage; it knows no $1" ;;
  esac
  shift
done

# With --auto standard output is the record and nothing else.
[[ $auto == no ]] || exec 3>&1 1>&2

refuse_left_over
refuse_taken_port "$port"

groups=(build)
[[ $auto == no ]] || groups+=(browser)
[[ $turn == no ]] || groups+=(turn)

start=$(now_ms)
heading "Stillroom demo"
setup_packages "${groups[@]}"
setup_node
setup_modules
build_web
build_server release stillroom

# shellcheck disable=SC2317  # called by step
seed() {
  node tools/demo/seed.mjs build/stillroom "$DEMO_DIR/data" "http://127.0.0.1:$port/" \
    >"$DEMO_DIR/links.json"
}

trap stop_demo EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
fresh_demo_dir
[[ $turn == no ]] || start_turn
start_server "$port"
step demo-start "start on 127.0.0.1:$port" \
  "the server's own words are in $DEMO_DIR/server.log" wait_until_ready 15
step demo-seed "people, sessions and links" \
  "the log names the command that was refused" seed

if [[ $auto == yes ]]; then
  say "  ready after                        $(seconds_since "$start")"
  status=0
  node tests/e2e/demo-auto.mjs --links "$DEMO_DIR/links.json" --seconds "$seconds" \
    --out "$DEMO_DIR" >&3 || status=$?
  exit "$status"
fi

node tools/demo/table.mjs "$DEMO_DIR/links.json"
say
say "  Ready after $(seconds_since "$start")."
status=0
wait "$server_pid" || status=$?
warn "The server ended by itself (exit $status). Its last words:"
tail -n 20 "$DEMO_DIR/server.log" >&2
exit 1
