"""The gate in a process of its own: `python -m grants.documents.gate PATH SUFFIX`. The answer is one line of JSON."""

import json
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from grants.documents.gate.kinds import check_file
from grants.documents.gate.refusal import FileRefused

CPU_SECONDS = 5
MEMORY_BYTES = 256 * 1024 * 1024


def main(path: str, suffix: str) -> dict[str, Any]:
    """What the gate says of a file."""
    try:
        return {"media_type": check_file(Path(path), suffix)}
    except FileRefused as refused:
        return {"refused": refused.sentences, "values": refused.values}


LIMITS = {
    resource.RLIMIT_CPU: CPU_SECONDS,
    resource.RLIMIT_AS: MEMORY_BYTES,
    resource.RLIMIT_CORE: 0,
}


if __name__ == "__main__":
    for what, most in LIMITS.items():
        with suppress(ValueError, OSError):  # not every system has every limit; the server's own clock remains
            resource.setrlimit(what, (most, most))
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
