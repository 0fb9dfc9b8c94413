#!/bin/sh
# Print the first Python of 3.12 or newer. A name may exist and still fail (a version manager's shim), so each is tried.
for name in python3.13 python3.14 python3.12 python3 python; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then
        command -v "$name"
        exit 0
    fi
done
echo "Python 3.12 or newer is needed, and none of python3.13, python3.14, python3.12, python3 and python is that." >&2
echo "Install one (for example from python.org or your package manager) and try again." >&2
exit 1
