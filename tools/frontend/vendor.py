"""Copy the browser's files from node_modules to static/ (a developer runs it; never at run time).

    cd tools/frontend && npm ci --ignore-scripts && npm run theme && python vendor.py

VENDOR.json names package, version and SHA-256 of each file; tests/config/test_vendored.py compares them.
"""

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGES = HERE / "node_modules"
THEME = HERE / "design-tokens-build" / "tilskudd.css"

FILES = {
    "@digdir/designsystemet-css/dist/src/index.css": "static/vendor/designsystemet/designsystemet.css",
    "@digdir/designsystemet-css/LICENSE": "static/vendor/designsystemet/LICENSE",
    "@digdir/designsystemet-web/dist/umd/index.js": "static/vendor/designsystemet/designsystemet-web.umd.js",
    "htmx.org/dist/htmx.min.js": "static/vendor/htmx/htmx.min.js",
    "htmx.org/LICENSE": "static/vendor/htmx/LICENSE",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "static/fonts/inter-latin.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2": "static/fonts/inter-latin-ext.woff2",
    "@fontsource-variable/inter/LICENSE": "static/fonts/LICENSE-OFL.txt",
    "axe-core/axe.min.js": "tests/browser/axe.min.js",
    "axe-core/LICENSE": "tests/browser/LICENSE-axe-core.txt",
}
# The icons in use, one symbol each; add a name here and run again.
ICONS = [
    "ArrowLeft",
    "ArrowRight",
    "ArrowRightLeft",
    "BankNote",
    "BarChart",
    "Bell",
    "Buildings3",
    "Calendar",
    "Checkmark",
    "CheckmarkCircle",
    "CheckmarkCircleFill",
    "ChevronDown",
    "ChevronLeft",
    "ChevronRight",
    "Clock",
    "ClockDashed",
    "Download",
    "EnvelopeClosed",
    "ExclamationmarkTriangle",
    "ExclamationmarkTriangleFill",
    "ExternalLink",
    "Eye",
    "FileText",
    "Funnel",
    "Gavel",
    "Globe",
    "Handshake",
    "Hourglass",
    "Inbox",
    "InformationSquare",
    "InformationSquareFill",
    "Leave",
    "MagnifyingGlass",
    "MenuHamburger",
    "Minus",
    "PadlockLocked",
    "Paperclip",
    "Paragraph",
    "Pencil",
    "PencilLine",
    "Person",
    "PersonCheckmark",
    "PersonGroup",
    "Plus",
    "PlusCircle",
    "PrinterSmall",
    "Receipt",
    "House",
    "Star",
    "Table",
    "Tasklist",
    "TasklistSend",
    "Trash",
    "Upload",
    "Wallet",
    "XMark",
    "XMarkOctagonFill",
]
SYMBOL = '<symbol id="{name}" viewBox="0 0 24 24" fill="none">{drawing}</symbol>'


def version_of(package: str) -> str:
    """The version that is installed."""
    return str(json.loads((PACKAGES / package / "package.json").read_text())["version"])


def package_of(source: str) -> str:
    """The package that a file comes from; a scoped name has two parts."""
    return "/".join(source.split("/")[: 2 if source.startswith("@") else 1])


def without_source_map(data: bytes, name: str) -> bytes:
    """A file as it is served: the address of its source map is taken away, for the map is not there."""
    if name.endswith(".js"):
        return re.sub(rb"\n?//# sourceMappingURL=.*\s*$", b"\n", data)
    return re.sub(rb"/\*# sourceMappingURL=.*?\*/", b"", data) if name.endswith(".css") else data


def icons() -> bytes:
    """All icons in one file of symbols."""
    symbols = []
    for name in ICONS:
        text = (PACKAGES / "@navikt/aksel-icons/dist/svg" / f"{name}.svg").read_text()
        found = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
        if found is None:
            sys.exit(f"{name}.svg is not a drawing that can be read.")
        symbols.append(SYMBOL.format(name=name, drawing=found.group(1).strip()))
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


def main() -> None:
    """Copy, and write down what was copied."""
    made: dict[str, tuple[str, bytes]] = {
        target: (package_of(source), without_source_map((PACKAGES / source).read_bytes(), target))
        for source, target in FILES.items()
    }
    made["static/theme/tilskudd.css"] = ("@digdir/designsystemet", THEME.read_bytes())
    made["static/icons/aksel.svg"] = ("@navikt/aksel-icons", icons())
    listed = {}
    for target, (package, data) in sorted(made.items()):
        path = ROOT / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        listed[target] = {"package": package, "version": version_of(package), "sha256": digest, "bytes": len(data)}
    text = json.dumps(listed, indent=1, sort_keys=True) + "\n"
    (ROOT / "static/vendor/VENDOR.json").write_text(text)
    for folder in ("design-tokens", "design-tokens-build"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
    sys.stdout.write(f"{len(listed)} files written\n")


if __name__ == "__main__":
    main()
