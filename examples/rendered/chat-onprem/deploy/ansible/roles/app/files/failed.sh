#!/bin/sh
# Says that a unit failed:  failed.sh UNIT SCRIPT
# One line to the journal; then SCRIPT, if it is there, is given the unit's name and that line.
set -eu
line="$1 failed on $(hostname) (${MONITOR_SERVICE_RESULT:-see its log}). Look: journalctl --unit '$1' --lines 50"
# <3> is the priority `err`: https://www.freedesktop.org/software/systemd/man/latest/sd-daemon.html
echo "<3>$line"
[ -x "$2" ] || exit 0
exec "$2" "$1" "$line"
