#!/bin/bash
# usage: with-keyring.sh cmd...   Runs cmd under a private session bus with an unlocked, empty keyring; both end with it.
set -u
XDG_RUNTIME_DIR=$(mktemp -d)
XDG_DATA_HOME=$(mktemp -d)
export XDG_RUNTIME_DIR XDG_DATA_HOME
trap 'rm -rf "$XDG_RUNTIME_DIR" "$XDG_DATA_HOME"' EXIT
# The bus starts the keyring when it is asked for, unlocked: also after the daemon died, as it may when a client is killed in mid-call.
mkdir -p "$XDG_DATA_HOME/dbus-1/services"
cat >"$XDG_DATA_HOME/dbus-1/services/org.freedesktop.secrets.service" <<'SERVICE'
[D-BUS Service]
Name=org.freedesktop.secrets
Exec=/bin/sh -c "printf test-pass | exec gnome-keyring-daemon --foreground --unlock --components=secrets"
SERVICE
# The bus complains about limits that do not matter here; what cmd says goes out untouched through 3.
exec 3>&2
dbus-run-session -- bash -c '"$@" 2>&3 3>&-' _ "$@" 2> >(grep -v --line-buffered 'Failed to set fd limit' >&3)
