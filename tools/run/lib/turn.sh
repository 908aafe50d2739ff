# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A TURN server of the demo's own: the shipped deploy/coturn.conf, a secret of this run, and one
# more line, since here both ends of the relay are this machine.

TURN_PORT=3479

relay_address() {
  # The address that this machine would talk from; loopback is no place for a relay.
  ip -4 -o addr show scope global 2>/dev/null | awk '{ sub("/.*", "", $4); print $4; exit }'
}

write_turn_config() {
  local address=$1 secret=$2
  cat deploy/coturn.conf
  printf '\n# Added for this run of the demo.\n'
  printf 'listening-ip=%s\nrelay-ip=%s\nlistening-port=%d\n' "$address" "$address" "$TURN_PORT"
  printf 'allowed-peer-ip=%s\nstatic-auth-secret=%s\n' "$address" "$secret"
  printf 'pidfile=%s/turn.pid\nlog-file=stdout\n' "$PWD/$DEMO_DIR"
}

# Starts coturn and tells the server about it by its environment.
start_turn() {
  local address secret
  address=$(relay_address)
  [[ -n $address ]] || die "--turn needs a network address besides loopback, and there is none."
  secret=$(openssl rand -hex 32)
  (
    umask 077
    write_turn_config "$address" "$secret" >"$DEMO_DIR/turnserver.conf"
  )
  turnserver -c "$DEMO_DIR/turnserver.conf" >"$DEMO_DIR/turn.log" 2>&1 </dev/null &
  # shellcheck disable=SC2034  # stop_demo ends it
  turn_pid=$!
  export TURN_URLS="turn:$address:$TURN_PORT?transport=udp" TURN_SECRET=$secret
}
