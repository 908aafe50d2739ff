# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A TURN server of the demo's own, through the shipped deploy/coturn.conf, with a secret of this
# run. tests/turn/coturn.mjs tells where it lives; as root that is a network namespace.

# turn_field NAME: of the one line that says the TURN server is there.
turn_field() {
  node -e 'const line = require("node:fs").readFileSync(process.argv[1], "utf8").split("\n")[0];
           process.stdout.write(String(JSON.parse(line)[process.argv[2]]))' \
    "$DEMO_DIR/turn.out" "$1"
}

wait_until_turn() {
  local tenths=$(($1 * 10))
  while [[ $tenths -gt 0 ]]; do
    if grep -q '"urls"' "$DEMO_DIR/turn.out"; then return 0; fi
    if ! kill -0 "$turn_pid" 2>/dev/null; then break; fi
    sleep 0.1
    tenths=$((tenths - 1))
  done
  cat "$DEMO_DIR/turn.log"
  return 1
}

# Starts it and tells the server about it by its environment.
start_turn() {
  (
    umask 077
    : >"$DEMO_DIR/turn.out"
  )
  node tools/demo/turn.mjs >>"$DEMO_DIR/turn.out" 2>"$DEMO_DIR/turn.log" </dev/null &
  turn_pid=$!
  step demo-turn "TURN server" "its own words are in $DEMO_DIR/turn.log" wait_until_turn 15
  TURN_URLS=$(turn_field urls)
  TURN_SECRET=$(turn_field secret)
  STILLROOM_TURN_POLICY=relay
  export TURN_URLS TURN_SECRET STILLROOM_TURN_POLICY
}
