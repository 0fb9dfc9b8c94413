"""`manage.py check --database default` on a freshly migrated database of its own, so that `make check` needs none."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Migrate an empty SQLite file, then ask for every system check, the guards' included."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/check.sqlite3"}
        for command in (["migrate", "--verbosity", "0"], ["check", "--database", "default", "--fail-level", "WARNING"]):
            done = subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=False)
            if done.returncode:
                return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
