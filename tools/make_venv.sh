#!/bin/sh
# Make .venv, unless there is one of a Python that is new enough.
set -eu
if .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then
    exit 0
fi
python="$(sh tools/find_python.sh)"
echo "Making .venv with $("$python" --version) ..."
if ! "$python" -m venv --clear .venv; then
    echo "The virtual environment could not be made. On Debian and Ubuntu: apt-get install python3-venv" >&2
    exit 1
fi
