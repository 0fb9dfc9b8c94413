"""The requirement files name packages, versions and hashes; never an address. `make check` runs it."""

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "requirements"
FORBIDDEN = re.compile(r"://|--(extra-)?index-url|--find-links|--trusted-host|(^|\s)@ |^-e ", re.MULTILINE)
PINNED = re.compile(r"^[A-Za-z0-9._-]+(\[[A-Za-z0-9,._-]+\])?==[^ ]+( ;[^\\]*)? \\$")


def faults(name: str, text: str) -> list[str]:
    """What is wrong in one compiled file."""
    found = [f"{name}: an address or option: {match.group(0).strip()!r}" for match in FORBIDDEN.finditer(text)]
    for number, line in enumerate(text.splitlines(), start=1):
        if line and not line.startswith((" ", "#")) and not PINNED.match(line):
            found.append(f"{name}:{number}: not a pinned package with hashes: {line!r}")
    return found


def main() -> int:
    """Look through every file; say each fault on a line of its own."""
    found = [fault for path in sorted(FOLDER.glob("*.txt")) for fault in faults(path.name, path.read_text())]
    found += [f"{path.name}: an address" for path in FOLDER.glob("*.in") if "://" in path.read_text()]
    for fault in found:
        print(fault, file=sys.stderr)
    print("requirements: no addresses, all pinned with hashes" if not found else f"{len(found)} faults in requirements")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
