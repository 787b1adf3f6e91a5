#!/bin/sh
# install.sh FOLDER: makes a Python virtual environment in FOLDER and installs the
# peers of requirements.txt into it, one by one: one that cannot be installed is
# written to FOLDER/failed.txt with the reason, and the others still are.
set -u
here=$(dirname "$0")
[ -x "$1/bin/python" ] || python3 -m venv "$1" || exit 1
: >"$1/failed.txt"
while read -r peer; do
	[ -n "$peer" ] || continue
	if ! "$1/bin/pip" install --disable-pip-version-check -q "$peer" >"$1/pip.log" 2>&1; then
		echo "${peer%%==*}: $(grep -i error "$1/pip.log" | tail -1)" | tee -a "$1/failed.txt"
	fi
done <"$here/requirements.txt"
rm -f "$1/pip.log"
