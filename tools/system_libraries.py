"""Are the libraries there that letters and reports are drawn with (WeasyPrint needs Pango)? Install them where we may.

Runs before any package is installed, so it uses the standard library alone.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# Letters are set in Liberation Sans; what it has no sign for is taken from DejaVu.
FONTS = {"LiberationSans-Regular.ttf": "fonts-liberation", "DejaVuSans.ttf": "fonts-dejavu-core"}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")


def missing() -> list[str]:
    """The Debian packages whose library or font is not on this machine."""
    packages = [package for library, package in LIBRARIES.items() if not _loads(library)]
    return packages + [package for font, package in FONTS.items() if not _lies_here(font)]


def main() -> int:
    """Install what is missing with apt-get where that is allowed; otherwise say what is missing and go on."""
    if sys.platform != "linux":
        print("Letters and reports in PDF need Pango: see WeasyPrint's installation page for this system.")
        return 0
    packages = missing()
    if not packages:
        return 0
    prefix = _administrator()
    if prefix is None:
        print(
            f"Missing for letters and reports in PDF: {' '.join(packages)}.\n"
            f"They can't be installed from here. Ask somebody who may: apt-get install {' '.join(packages)}\n"
            "Everything else works without them.",
            file=sys.stderr,
        )
        return 0
    print(f"Installing system libraries for PDF: {' '.join(packages)} ...")
    install = [*prefix, "apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends", *packages]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*prefix, "apt-get", "update", "--quiet=2"], env=environment, check=False)
    subprocess.run(install, env=environment, check=False, stdout=subprocess.DEVNULL)
    if left := missing():
        print(f"Could not install {' '.join(left)}: PDF letters and reports will not work.", file=sys.stderr)
    return 0


def _lies_here(font: str) -> bool:
    return any(next(Path(folder).expanduser().rglob(font), None) for folder in FONT_FOLDERS)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _administrator() -> list[str] | None:
    """What to write before apt-get: nothing as root, sudo where it asks no password, None where we may not."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


if __name__ == "__main__":
    sys.exit(main())
