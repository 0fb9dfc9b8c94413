"""Packages (ZIP), which office documents are: small enough to unpack, with honest names, and nothing packed in them."""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from grants.documents.gate.refusal import SAVE_AGAIN, refuse, sentence

MOST_MEMBERS = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
LARGEST_MEMBER = 40 * 1024 * 1024
HIGHEST_RATIO = 200
RATIO_COUNTS_FROM = 1024 * 1024
ENCRYPTED = 0x1
_END = b"PK\x05\x06"
_END_BYTES = 22
# A name that would leave the folder it is unpacked in, on one system or another.
_UNSAFE_NAME = re.compile(r"^/|^[A-Za-z]:|\\|(^|/)\.\.(/|$)|[\x00-\x1f\x7f:]")
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ")
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_DAMAGED = (sentence("Filen er skadet og kan ikke leses."), SAVE_AGAIN)
_TOO_LARGE = (sentence("Filen blir for stor når den pakkes ut. Del den opp, eller lever den som PDF."),)


def open_package(file: BinaryIO) -> zipfile.ZipFile:
    """A package whose list of contents is in order. Nothing has been unpacked yet."""
    _require_nothing_around(file)
    try:
        package = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError):
        refuse(*_DAMAGED)
    members = package.infolist()
    if not members or len(members) > MOST_MEMBERS:
        refuse(*_DAMAGED if not members else _TOO_LARGE)
    if min(member.header_offset for member in members) != 0:
        refuse(*_DAMAGED)
    names = [member.filename.casefold() for member in members]
    if len(set(names)) != len(names):
        refuse(*_DAMAGED)
    for member in members:
        _check_member(member)
    packed, unpacked = sum(m.compress_size for m in members), sum(m.file_size for m in members)
    if unpacked > MOST_UNPACKED or packed > file.seek(0, 2):
        refuse(*_TOO_LARGE)
    return package


def contents(package: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Every member that is a file: its name and its content, which is what the list says it is."""
    for member in package.infolist():
        if member.is_dir():
            continue
        try:
            content = package.read(member)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
            refuse(*_DAMAGED)
        if len(content) != member.file_size:
            refuse(*_DAMAGED)
        yield member.filename, content


def require_harmless_part(name: str, content: bytes) -> None:
    """A part that is no text must be neither a package nor a program."""
    if content.startswith(ARCHIVES):
        refuse("Det ligger en annen fil pakket inni dokumentet. Last den opp for seg selv.")
    if content.startswith(PROGRAMS):
        refuse("Det ligger et program eller et innebygd objekt i dokumentet. Fjern det, eller lever det som PDF.")


def _require_nothing_around(file: BinaryIO) -> None:
    """The package is all there is: it begins at the first byte, and ends, without a comment, at the last."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04" or file.seek(0, 2) < _END_BYTES:
        refuse(*_DAMAGED)
    file.seek(-_END_BYTES, 2)
    end = file.read(_END_BYTES)
    file.seek(0)
    if not end.startswith(_END) or end[-2:] != b"\x00\x00":
        refuse("Det ligger noe etter slutten på filen.", SAVE_AGAIN)


def _check_member(member: zipfile.ZipInfo) -> None:
    if _UNSAFE_NAME.search(member.filename) or member.filename != member.orig_filename:
        refuse("Filen inneholder navn som ikke er tillatt.")
    if stat.S_ISLNK(member.external_attr >> 16):
        refuse("Filen inneholder navn som ikke er tillatt.")
    if member.flag_bits & ENCRYPTED:
        refuse("Filen er låst med passord. Fjern passordet, og prøv igjen.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        refuse(*_DAMAGED)
    if member.file_size > LARGEST_MEMBER:
        refuse(*_TOO_LARGE)
    if member.file_size > RATIO_COUNTS_FROM and member.file_size > HIGHEST_RATIO * max(member.compress_size, 1):
        refuse(*_TOO_LARGE)
