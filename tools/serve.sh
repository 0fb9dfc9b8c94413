#!/bin/sh
# Serve the pages, with a worker beside them that makes letters and other slow things. Ctrl-C stops both.
set -eu
port="${1:-8000}"
.venv/bin/python manage.py worker &
worker=$!
.venv/bin/gunicorn config.wsgi --bind "127.0.0.1:$port" --workers 1 --threads 4 --log-level warning &
server=$!
trap 'kill "$server" "$worker" 2>/dev/null || true; wait; exit 0' INT TERM
trap 'kill "$server" "$worker" 2>/dev/null || true' EXIT
echo "Serving on http://127.0.0.1:$port  (Ctrl-C stops)"
wait "$server"
