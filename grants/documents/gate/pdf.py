"""PDF: nothing that acts by itself, nothing packed inside, no password; every dictionary is seen, also those within others."""

import mmap
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pikepdf

from grants.documents.gate.links import may_be_followed
from grants.documents.gate.refusal import PRINT_AGAIN, refuse, sentence

MOST_PAGES = 3_000
MOST_OBJECTS = 100_000
MOST_INFLATED = 150 * 1024 * 1024
PIECE = 1024 * 1024
HEAD, TAIL = 1024, 2048
_KINDS = pikepdf.ObjectType
_ACTS = (sentence("PDF-en har skript eller handlinger som starter av seg selv."), PRINT_AGAIN)
_PACKED = (sentence("Det ligger andre filer, lyd eller film inni PDF-en."), PRINT_AGAIN)
_DAMAGED = (sentence("PDF-en er skadet eller ikke hel."), PRINT_AGAIN)
_LINK = (sentence("PDF-en har en lenke til noe annet enn en nettside eller e-postadresse."), PRINT_AGAIN)
_TOO_LARGE = (sentence("PDF-en blir for stor når den åpnes."), PRINT_AGAIN)
ACTIONS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute", "/GoTo3DView", "/Trans", "/SetState",
}  # fmt: skip
ANNOTATIONS = {"/RichMedia", "/3D", "/Screen", "/Movie", "/Sound", "/FileAttachment"}
# Whatever stands under these keys acts by itself or is packed inside, if there is anything under them.
ACTING_KEYS = {"/JS", "/JavaScript", "/AA", "/XFA"}
PACKING_KEYS = {"/EmbeddedFiles", "/EF", "/RichMediaContent", "/RichMediaSettings"}
STARTS_WITH = {"/GoTo", "/Named"}
# A reader that follows another table of contents than ours may find older parts of the file: they are refused, too.
_WORDS = re.compile(rb"/JavaScript\b|/Launch\b|/RichMedia\b|/EmbeddedFile\b")
_MARKUP = re.compile(rb"<script|<html|<!doctype|<iframe|<\?php", re.I)


def check_pdf(path: Path) -> None:
    """A PDF that any reader may open."""
    _look_at_the_bytes(path)
    try:
        pdf = pikepdf.open(path)
    except pikepdf.PasswordError:
        refuse("PDF-en er låst med passord.", PRINT_AGAIN)
    except (pikepdf.PdfError, ValueError, RuntimeError):
        refuse(*_DAMAGED)
    with pdf:
        if pdf.is_encrypted:
            refuse("PDF-en er låst med passord.", PRINT_AGAIN)
        try:
            if not 0 < len(pdf.pages) <= MOST_PAGES:
                refuse(*_DAMAGED if len(pdf.pages) == 0 else _TOO_LARGE)
            _look_at_everything(pdf)
        except (pikepdf.PdfError, ValueError, RuntimeError):
            refuse(*_DAMAGED)


def _look_at_the_bytes(path: Path) -> None:
    """Whole, nothing before or behind it, and no words of what acts in parts that the table of contents leaves out."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        tail = whole[-TAIL:]
        _before, end, behind = tail.rpartition(b"%%EOF")
        if not end:
            refuse(*_DAMAGED)
        if behind.strip(b"\x00\t\n\x0c\r ") or _MARKUP.search(whole[:HEAD]):
            refuse("Det ligger noe annet enn PDF i filen.", PRINT_AGAIN)
        if found := _WORDS.search(whole):
            refuse(*_PACKED if found.group().startswith((b"/Rich", b"/Emb")) else _ACTS)
    if zipfile.is_zipfile(path):
        refuse("Det ligger noe annet enn PDF i filen.", PRINT_AGAIN)


def _look_at_everything(pdf: pikepdf.Pdf) -> None:
    inflated = 0
    for found in _dictionaries(pdf):
        kind = found._type_code
        if kind == _KINDS.stream:
            if "/F" in found.stream_dict:
                refuse(*_PACKED)
            inflated += _inflated_bytes(found, MOST_INFLATED - inflated)
        for key, value in found.items():
            _check_entry(key, value)


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream of the file: the numbered ones, and those written directly inside others."""
    if int(pdf.trailer.get("/Size", 0)) > MOST_OBJECTS:
        refuse(*_TOO_LARGE)
    for numbered in chain((pdf.trailer,), pdf.objects):
        waiting: list[Any] = [numbered]
        while waiting:
            one = waiting.pop()
            kind = one._type_code
            if kind == _KINDS.array:
                inner: Any = one
            elif kind in (_KINDS.dictionary, _KINDS.stream):
                yield one
                inner = (value for _key, value in one.items())
            else:
                continue
            waiting.extend(value for value in inner if isinstance(value, pikepdf.Object) and not value.is_indirect)


def _check_entry(key: str, value: Any) -> None:
    """One entry of a dictionary."""
    if key in ACTING_KEYS and _holds_something(value):
        refuse(*_ACTS)
    if key in PACKING_KEYS and _holds_something(value):
        refuse(*_PACKED)
    if key == "/S" and _name(value) in ACTIONS:
        refuse(*_ACTS)
    if key == "/Subtype" and _name(value) in ANNOTATIONS:
        refuse(*_PACKED)
    if key == "/OpenAction" and _is_dictionary(value) and _name(value.get("/S")) not in STARTS_WITH:
        refuse(*_ACTS)
    if key in ("/URI", "/Base") and isinstance(value, pikepdf.String) and not may_be_followed(str(value)):
        refuse(*_LINK)


def _holds_something(value: Any) -> bool:
    """An empty name tree is written by some programs, and is nothing."""
    if not _is_dictionary(value):
        return True
    if set(value.keys()) <= {"/Names"}:
        return len(value.get("/Names", ())) > 0
    return bool(value.keys())


def _is_dictionary(value: Any) -> bool:
    return isinstance(value, pikepdf.Object) and value._type_code == _KINDS.dictionary


def _name(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.Object) and value._type_code == _KINDS.name_ else ""


def _inflated_bytes(stream: Any, most: int) -> int:
    """How large a stream becomes when it is unpacked, counted piece by piece and no further than it may."""
    filters = stream.stream_dict.get("/Filter")
    names = [_name(filters)] if _name(filters) else [_name(one) for one in filters or ()]
    if "/FlateDecode" not in names[:1]:
        return 0
    content, counted = stream.read_raw_bytes(), 0
    for _again in range(names.count("/FlateDecode")):
        inflater, pieces, size = zlib.decompressobj(), [], 0
        keep = names.count("/FlateDecode") > 1
        try:
            while content and not inflater.eof:
                piece = inflater.decompress(content, PIECE)
                content = inflater.unconsumed_tail
                size += len(piece)
                if counted + size > most:
                    refuse(*_TOO_LARGE)
                if keep:
                    pieces.append(piece)
        except zlib.error:
            break  # a stream that cannot be unpacked is shown as nothing
        counted += size
        content = b"".join(pieces)
    return counted
