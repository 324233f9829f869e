#!/bin/bash
# usage: with-keyring.sh cmd...   Runs cmd under a private session bus with an unlocked, empty keyring; both end with it.
set -u
XDG_RUNTIME_DIR=$(mktemp -d)
XDG_DATA_HOME=$(mktemp -d)
export XDG_RUNTIME_DIR XDG_DATA_HOME
trap 'rm -rf "$XDG_RUNTIME_DIR" "$XDG_DATA_HOME"' EXIT
# The bus complains about limits that do not matter here; what cmd says goes out untouched through 3.
exec 3>&2
dbus-run-session -- bash -c \
  'eval "$(printf test-pass | gnome-keyring-daemon --unlock --components=secrets 2>/dev/null)"; "$@" 2>&3 3>&-' _ "$@" \
  2> >(grep -v --line-buffered 'Failed to set fd limit' >&3)
