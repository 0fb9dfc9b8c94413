"""The kinds of file that are let in, and the first look: does the content begin as the name says?"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import puremagic

from grants.documents.gate.images import check_jpeg, check_png
from grants.documents.gate.office import check_docx, check_xlsx
from grants.documents.gate.opendocument import check_ods, check_odt
from grants.documents.gate.pdf import check_pdf
from grants.documents.gate.refusal import refuse, sentence

HEAD_BYTES = 4096
_OFFICE = "application/vnd.openxmlformats-officedocument."


class FileKind(NamedTuple):
    """A kind of file: how it begins, what it is called on the web, and the check that reads it whole."""

    begins: bytes
    media_type: str
    check: Callable[[Path], None]


KINDS = {
    "pdf": FileKind(b"%PDF-", "application/pdf", check_pdf),
    "docx": FileKind(b"PK\x03\x04", _OFFICE + "wordprocessingml.document", check_docx),
    "xlsx": FileKind(b"PK\x03\x04", _OFFICE + "spreadsheetml.sheet", check_xlsx),
    "odt": FileKind(b"PK\x03\x04", "application/vnd.oasis.opendocument.text", check_odt),
    "ods": FileKind(b"PK\x03\x04", "application/vnd.oasis.opendocument.spreadsheet", check_ods),
    "png": FileKind(b"\x89PNG\r\n\x1a\n", "image/png", check_png),
    "jpg": FileKind(b"\xff\xd8\xff", "image/jpeg", check_jpeg),
}
ALIASES = {"jpeg": "jpg"}
NOT_TAKEN = sentence(
    "Vi kan ikke ta imot filer av denne typen. "
    "Bruk PDF, Word (docx), Excel (xlsx), OpenDocument (odt og ods) eller bilde (png og jpg)."
)


def suffix_of(name: str) -> str:
    """The kind that a file's name promises, without the dot. Refuses all but those on the list."""
    _stem, dot, suffix = name.rpartition(".")
    kind = ALIASES.get(suffix.lower(), suffix.lower())
    if not dot or kind not in KINDS:
        refuse(NOT_TAKEN)
    return kind


def check_file(path: Path, suffix: str) -> str:
    """The media type of a file that is what its suffix says, and harmless. Raises `FileRefused` for any other."""
    kind = KINDS[suffix]
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        refuse("Filen er tom.")
    if not head.startswith(kind.begins) or not _looks_like(head, suffix):
        refuse(
            "Filen heter .%(suffix)s, men innholdet er noe annet. Lagre den som %(suffix)s i programmet den er laget i.",
            suffix=suffix,
        )
    kind.check(path)
    return kind.media_type


def _looks_like(head: bytes, suffix: str) -> bool:
    """The first gate only: a sniffer calls every hostile docx a docx, and cannot tell a docx from another package."""
    try:
        found = {match.extension for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        return False
    return f".{suffix}" in found
