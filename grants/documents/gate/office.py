"""Word and Excel documents (OOXML): no macros, no embedded objects, nothing that is fetched from outside or started."""

import posixpath
import re
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from grants.documents.gate.links import is_on_own_disk, may_be_followed
from grants.documents.gate.package import contents, open_package, require_harmless_part
from grants.documents.gate.refusal import refuse, sentence
from grants.documents.gate.xml_parts import Attributes, attribute_values, read_xml, text_inside

_OPENXML = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": _OPENXML + "wordprocessingml.document.main+xml",
    "xlsx": _OPENXML + "spreadsheetml.sheet.main+xml",
}
CONTENT_TYPES = "[Content_Types].xml"
# What Word and Excel put in a package. Anything else is no part of an ordinary document.
XML_PARTS = {"xml", "rels", "vml", "svg"}
OTHER_PARTS = {
    "png", "jpg", "jpeg", "jfif", "gif", "bmp", "tif", "tiff", "emf", "wmf", "wdp", "ico", "odttf", "fntdata", "ttf",
}  # fmt: skip
_EMBEDDED = re.compile(r"^(word|xl)/embeddings/[^/]+\.(docx|xlsx)$", re.I)
_PRINTER_SETTINGS = re.compile(r"^(xl|word)/printerSettings/[^/]+\.bin$", re.I)
_FORBIDDEN_TYPES = re.compile(r"macroenabled|vbaproject|activex|oleobject|macrosheet|dialogsheet|sheet\.binary", re.I)
_FORBIDDEN_RELATIONS = re.compile(
    r"oleobject|vbaproject|activex|/control$|afchunk|externallink|macrosheet|/connections$|extensibility|webextension",
    re.I,
)
_MACROS = sentence("Dokumentet har makroer eller innebygde objekter. Lagre det uten, eller lever det som PDF.")
_FROM_OUTSIDE = sentence(
    "Dokumentet henter noe fra en annen fil eller fra nettet. Bryt koblingene, eller lever det som PDF."
)
# Fields that fetch or start something when the document opens. QUOTE with numbers spells them letter by letter.
_FIELDS = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|QUOTE\s+\d+)\b", re.I)
_FORMULA = re.compile(r"\||\bDDE\s*\(|\bWEBSERVICE\s*\(|\bREGISTER(\.ID)?\s*\(|\bCALL\s*\(|\bEXEC\s*\(", re.I)
_SCRIPTED = {"script", "foreignObject", "handler"}


def check_docx(path: Path) -> None:
    """A Word document."""
    with path.open("rb") as file:
        _check(file, "docx", inner=False)


def check_xlsx(path: Path) -> None:
    """An Excel workbook."""
    with path.open("rb") as file:
        _check(file, "xlsx", inner=False)


def _check(file: BinaryIO, kind: str, *, inner: bool) -> None:
    """Read every part. A workbook behind a chart is read by the same rules; one inside that again is refused."""
    package = open_package(file)
    if CONTENT_TYPES not in package.namelist():
        refuse("Filen heter .%(suffix)s, men innholdet er noe annet.", suffix=kind)
    for name, content in contents(package):
        suffix = name.rpartition(".")[2].lower()
        if name == CONTENT_TYPES:
            _check_content_types(content, kind)
        elif suffix == "rels":
            read_xml(content, _check_relation)
        elif suffix in XML_PARTS:
            _check_xml(name, content, suffix)
        elif _EMBEDDED.match(name) and not inner:
            _check(BytesIO(content), suffix, inner=True)
        elif suffix in OTHER_PARTS or _PRINTER_SETTINGS.match(name):
            require_harmless_part(name, content)
        else:
            require_harmless_part(name, content)
            refuse(_MACROS)


def _check_content_types(content: bytes, kind: str) -> None:
    found: set[str] = set()

    def element(_name: str, attributes: Attributes) -> None:
        found.update(value for key, value in attributes if key == "ContentType")

    read_xml(content, element)
    if any(_FORBIDDEN_TYPES.search(one) for one in found):
        refuse(_MACROS)
    if MAIN[kind] not in found:
        refuse("Filen heter .%(suffix)s, men innholdet er noe annet.", suffix=kind)


def _check_relation(name: str, attributes: Attributes) -> None:
    """A relation says what a part uses. What lies outside may be a link to click, or the template on the own disk."""
    if name != "Relationship":
        return
    said = dict(attributes)
    relation, target = said.get("Type", ""), said.get("Target", "")
    if _FORBIDDEN_RELATIONS.search(relation):
        refuse(_FROM_OUTSIDE if "xternal" in relation or "onnection" in relation else _MACROS)
    if said.get("TargetMode", "Internal") == "Internal":
        if ":" in target.partition("/")[0] or target.startswith(("\\", "//")):
            refuse(_FROM_OUTSIDE)
    elif relation.endswith("/hyperlink"):
        if not may_be_followed(target):
            refuse("Dokumentet har en lenke til noe annet enn en nettside eller e-postadresse. Fjern lenken.")
    elif not (relation.endswith("/attachedTemplate") and is_on_own_disk(target)):
        refuse(_FROM_OUTSIDE)


def _check_xml(name: str, content: bytes, suffix: str) -> None:
    """Fields of Word, formulas of Excel, and drawings that carry script."""
    folder = posixpath.dirname(name).lower()
    if folder.endswith(("macrosheets", "dialogsheets", "activex", "externallinks")):
        refuse(_MACROS)
    read_xml(content, _check_drawing if suffix in ("svg", "vml") else None)
    if b"ddeLink" in content:
        refuse(_FROM_OUTSIDE)
    if folder.endswith("worksheets") and _FORMULA.search(text_inside(content, "f")):
        refuse(_FROM_OUTSIDE)
    if b"instrText" in content or b"fldSimple" in content:
        # Written together: a word may be split over several instructions.
        together = text_inside(content, "instrText")
        if any(_FIELDS.search(one) for one in (together, *attribute_values(content, "instr"))):
            refuse("Dokumentet har felt som henter eller starter noe (DDE, INCLUDE eller LINK). Fjern dem.")


def _check_drawing(name: str, attributes: Attributes) -> None:
    if name in _SCRIPTED or any(key.lower().startswith("on") and len(key) > 4 for key, _value in attributes):
        refuse("En tegning i dokumentet har skript i seg. Fjern den, eller lever dokumentet som PDF.")
    for key, value in attributes:
        if key in ("href", "src") and not (may_be_followed(value) or value.startswith("data:image/")):
            refuse(_FROM_OUTSIDE)
