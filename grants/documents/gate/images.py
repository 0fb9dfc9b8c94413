"""Pictures: whole, of a size that can be opened, and nothing hidden in or behind them."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from grants.documents.gate.refusal import SAVE_AGAIN, refuse, sentence

MOST_PIXELS = 100_000_000
LONGEST_SIDE = 30_000
PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
# What a browser or an unpacker would act on. Pixels are left out: they may look like anything.
HIDDEN = re.compile(
    rb"<script|<html|<!doctype|<iframe|<svg|<\?php|javascript:|PK\x03\x04|PK\x05\x06|%PDF-|Rar!\x1a", re.I
)
_NEXT_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])", re.S)
_NOT_WHOLE = (sentence("Bildet er ikke helt: noe av det mangler."), SAVE_AGAIN)
_MORE_THAN_A_PICTURE = (sentence("Det ligger noe annet enn bilde i filen."), SAVE_AGAIN)
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def check_png(path: Path) -> None:
    """Chunk by chunk to the end, each with its checksum; the size is read before anything is unpacked."""
    content = path.read_bytes()
    kinds: list[bytes] = []
    for kind, data in _chunks(content):
        if not kinds and kind != b"IHDR":
            refuse(*_NOT_WHOLE)
        if kind == b"IHDR":
            _require_size(int.from_bytes(data[:4]), int.from_bytes(data[4:8]))
        elif kind != b"IDAT" and HIDDEN.search(data):
            refuse(*_MORE_THAN_A_PICTURE)
        kinds.append(kind)
    if b"IDAT" not in kinds or kinds[-1] != b"IEND":
        refuse(*_NOT_WHOLE)


def check_jpeg(path: Path) -> None:
    """Segment by segment to the end. Some cameras put a second, smaller picture behind: it must be one, too."""
    content = path.read_bytes().rstrip(b"\x00")
    at = 0
    while at < len(content):
        if content[at : at + 2] != b"\xff\xd8":
            refuse(*_MORE_THAN_A_PICTURE)
        at = _end_of_jpeg(content, at + 2)
        while content[at : at + 1] == b"\x00":
            at += 1


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG: kind and data. What stands behind the last one is refused."""
    at = len(PNG_BEGINS)
    while True:
        length, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        data, checksum = content[at + 8 : at + 8 + length], content[at + 8 + length : at + 12 + length]
        if len(checksum) != 4 or zlib.crc32(kind + data) != int.from_bytes(checksum):
            refuse(*_NOT_WHOLE)
        at += 12 + length
        yield kind, data
        if kind == b"IEND":
            break
    if content[at:].strip(b"\x00"):
        refuse(*_MORE_THAN_A_PICTURE)


def _end_of_jpeg(content: bytes, at: int) -> int:
    """Where a picture ends that begins before `at`."""
    sized = False
    while found := _NEXT_MARKER.search(content, at):
        marker = found.group(1)[0]
        if marker == _EOI:
            if not sized:
                refuse(*_NOT_WHOLE)
            return found.end()
        length = int.from_bytes(content[found.end() : found.end() + 2])
        data = content[found.end() + 2 : found.end() + length]
        if length < 2 or len(data) != length - 2:
            refuse(*_NOT_WHOLE)
        if marker in _FRAMES:
            _require_size(int.from_bytes(data[3:5]), int.from_bytes(data[1:3]))
            sized = True
        elif marker != _SOS and HIDDEN.search(data):
            refuse(*_MORE_THAN_A_PICTURE)
        at = found.end() + length
    return refuse(*_NOT_WHOLE)


def _require_size(width: int, height: int) -> None:
    if not width or not height:
        refuse(*_NOT_WHOLE)
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        refuse("Bildet er for stort (%(size)s punkter). Lagre det i mindre format.", size=f"{width} × {height}")
