# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The demo's server: its folder, its process, its stop.

DEMO_DIR=.demo
PID_FILE=$DEMO_DIR/server.pid

# The process of a demo that was started here and still runs, or nothing. A process id may have been
# given to somebody else since, so its program's name is looked at too.
left_over_pid() {
  local pid
  [[ -f $PID_FILE ]] || return 0
  pid=$(<"$PID_FILE")
  if [[ $pid =~ ^[0-9]+$ && $(cat "/proc/$pid/comm" 2>/dev/null) == stillroom ]]; then
    printf '%s' "$pid"
  fi
}

port_is_taken() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# stop_process PID SECONDS: asks, waits, insists. Only for processes started here.
stop_process() {
  local pid=$1 tenths=$(($2 * 10))
  kill -TERM "$pid" 2>/dev/null || return 0
  while [[ $tenths -gt 0 ]] && kill -0 "$pid" 2>/dev/null; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
  kill -KILL "$pid" 2>/dev/null || true
}

server_pid=
turn_pid=

# Everything that the demo started, in reverse order.
stop_demo() {
  [[ -z $turn_pid ]] || stop_process "$turn_pid" 3
  [[ -z $server_pid ]] || stop_process "$server_pid" 10
  turn_pid=
  server_pid=
  rm -f "$PID_FILE"
}

refuse_left_over() {
  local pid
  pid=$(left_over_pid)
  [[ -z $pid ]] ||
    die "A demo from here still runs (process $pid). Ctrl-C in its terminal, or: kill $pid"
  rm -f "$PID_FILE"
}

refuse_taken_port() {
  ! port_is_taken "$1" ||
    die "Port $1 on 127.0.0.1 is taken by another program. Another: ./run demo --port $(($1 + 1))"
}

# wait_until_ready SECONDS: until the server has printed its ready line.
wait_until_ready() {
  local tenths=$(($1 * 10))
  while [[ $tenths -gt 0 ]]; do
    grep -q '"event":"ready"' "$DEMO_DIR/server.out" && return 0
    kill -0 "$server_pid" 2>/dev/null || {
      printf 'the server ended before it was ready:\n'
      tail -n 20 "$DEMO_DIR/server.log"
      return 1
    }
    sleep 0.1
    tenths=$((tenths - 1))
  done
  printf 'the server was not ready after %d seconds:\n' "$1"
  tail -n 20 "$DEMO_DIR/server.log"
  return 1
}

# The demo's folder, empty and for nobody else.
fresh_demo_dir() {
  rm -rf "$DEMO_DIR"
  mkdir -p "$DEMO_DIR"
  chmod 700 "$DEMO_DIR"
}

# start_server PORT: on loopback; what it says is in .demo/server.log.
start_server() {
  : >"$DEMO_DIR/server.out"
  build/stillroom serve --dev --listen "127.0.0.1:$1" --data "$DEMO_DIR/data" \
    >>"$DEMO_DIR/server.out" 2>"$DEMO_DIR/server.log" </dev/null &
  server_pid=$!
  printf '%s\n' "$server_pid" >"$PID_FILE"
}
