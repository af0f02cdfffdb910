#!/usr/bin/env bash
# Opens a program in a screen of its own and photographs it, in light and dark.
#   ui/window/testdata/shoot.sh NAME COMMAND [ARGUMENT...]
# writes NAME-light.png and NAME-dark.png to $SHOTS (default: the current folder).
# SIZE (default 1180x760) is the window's size; STEPS is a shell snippet run once
# the window is there, in which $WID is the window, for example
#   STEPS='xdotool mousemove --window $WID 100 200 click 1; sleep 1'
set -euo pipefail
name=$1; shift
size=${SIZE:-1180x760}
out=${SHOTS:-.}
themes=${THEMES:-light dark}
mkdir -p "$out" "${XDG_CACHE_HOME:-$HOME/.cache}"
XDG_RUNTIME_DIR=$(mktemp -d); export XDG_RUNTIME_DIR LC_ALL=C.UTF-8
chmod 700 "$XDG_RUNTIME_DIR"
export XDG_CONFIG_HOME=$XDG_RUNTIME_DIR/config # no preferences are read or left behind
pids=()
cleanup() { for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done; rm -rf "$XDG_RUNTIME_DIR"; }
trap cleanup EXIT

exec 3<>"$XDG_RUNTIME_DIR/display"
Xvfb -displayfd 3 -screen 0 "${SCREEN:-1400x1000}x24" -nolisten tcp -noreset >/dev/null 2>&1 & pids+=($!)
for _ in $(seq 100); do [ -s "$XDG_RUNTIME_DIR/display" ] && break; sleep 0.1; done
DISPLAY=:$(head -1 "$XDG_RUNTIME_DIR/display"); export DISPLAY

for theme in $themes; do
  log=$XDG_RUNTIME_DIR/app-$theme.log
  FYNE_SCALE=1 FYNE_THEME=$theme "$@" >"$log" 2>&1 & app=$!; pids+=("$app")
  WID=$(timeout 60 xdotool search --sync --onlyvisible --pid "$app" | head -1)
  xdotool windowmove "$WID" 0 0 windowsize "$WID" "${size%x*}" "${size#*x}"
  sleep "${WAIT:-2}"
  eval "${STEPS:-}"
  import -window "$WID" "$out/$name-$theme.png"
  kill "$app"; wait "$app" 2>/dev/null || true
  if grep -q 'Error in Fyne call thread' "$log"; then
    grep -A2 'Error in Fyne call thread' "$log" >&2
    exit 1
  fi
  if grep -q '^panic:' "$log"; then cat "$log" >&2; exit 1; fi
done
