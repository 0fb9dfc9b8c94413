"""OpenDocument text and spreadsheets: no macros, no embedded objects, nothing that is fetched from outside or started."""

import re
import zipfile
from pathlib import Path

from grants.documents.gate.links import is_on_own_disk, may_be_followed, stays_inside
from grants.documents.gate.package import contents, open_package, require_harmless_part
from grants.documents.gate.refusal import refuse, sentence
from grants.documents.gate.xml_parts import Attributes, read_xml

MEDIA = "application/vnd.oasis.opendocument."
_MACROS = sentence("Dokumentet har makroer eller innebygde objekter. Lagre det uten, eller lever det som PDF.")
_FROM_OUTSIDE = sentence(
    "Dokumentet henter noe fra en annen fil eller fra nettet. Bryt koblingene, eller lever det som PDF."
)
_FORBIDDEN_FOLDERS = re.compile(r"^(Basic|Scripts|Dialogs|META-INF/(macrosignatures|.*script))", re.I)
_FORBIDDEN_ELEMENTS = {
    "event-listener", "object-ole", "applet", "plugin", "floating-frame", "dde-source", "dde-connection",
    "dde-connection-decl", "dde-link", "table-source", "section-source", "database-display", "connection-resource",
}  # fmt: skip
# Parts that carry a link which the reader chooses to follow.
_LINKS = {"a"}
_FORMULA = re.compile(r"\bDDE\s*\(|\bWEBSERVICE\s*\(|'file:|'https?:|\|", re.I)


def check_odt(path: Path) -> None:
    """A text document."""
    _check(path, "text")


def check_ods(path: Path) -> None:
    """A spreadsheet."""
    _check(path, "spreadsheet")


def _check(path: Path, kind: str) -> None:
    with path.open("rb") as file:
        package = open_package(file)
        first = package.infolist()[0]
        if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED:
            refuse("Filen er ikke et OpenDocument-dokument. Lagre den på nytt i programmet den er laget i.")
        if not {"content.xml", "META-INF/manifest.xml"} <= set(package.namelist()):
            refuse("Filen er ikke et OpenDocument-dokument. Lagre den på nytt i programmet den er laget i.")
        for name, content in contents(package):
            _check_part(name, content, kind)


def _check_part(name: str, content: bytes, kind: str) -> None:
    if _FORBIDDEN_FOLDERS.match(name):
        refuse(_MACROS)
    if name == "mimetype":
        if content.strip() != (MEDIA + kind).encode():
            refuse("Filen er noe annet enn navnet sier. Lagre den på nytt i programmet den er laget i.")
    elif name == "META-INF/manifest.xml":
        read_xml(content, _check_manifest)
    elif name.lower().endswith((".xml", ".rdf", ".svg")):
        read_xml(content, _check_element)
    else:
        require_harmless_part(name, content)
        if name.lower().endswith((".exe", ".dll", ".js", ".vbs", ".py", ".class", ".jar", ".html", ".htm", ".bat")):
            refuse(_MACROS)


def _check_manifest(name: str, attributes: Attributes) -> None:
    if name == "encryption-data":
        refuse("Filen er låst med passord. Fjern passordet, og prøv igjen.")
    for key, value in attributes:
        if key == "media-type" and re.search(r"oleobject|basic|script|java|executable|msdownload", value, re.I):
            refuse(_MACROS)


def _check_element(name: str, attributes: Attributes) -> None:
    if name in _FORBIDDEN_ELEMENTS or name == "script":
        refuse(_FROM_OUTSIDE if name.startswith("dde") or name.endswith("source") else _MACROS)
    for key, value in attributes:
        if key == "href" and not _may_refer(name, value):
            refuse(_FROM_OUTSIDE)
        if key == "formula" and _FORMULA.search(value):
            refuse(_FROM_OUTSIDE)


def _may_refer(name: str, address: str) -> bool:
    """A link may lead out, the template may lie on the own disk, and everything else lies in the package."""
    if name in _LINKS:
        return may_be_followed(address)
    if name == "template":
        return is_on_own_disk(address) or (stays_inside(address.replace("../", "")) and not address.startswith("//"))
    return stays_inside(address)
