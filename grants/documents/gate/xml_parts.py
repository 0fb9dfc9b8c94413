"""XML parts of office documents: UTF-8, well-formed, without a document type; then read for what they hold."""

import html
import re
from collections.abc import Callable
from xml.parsers import expat

from grants.documents.gate.refusal import SAVE_AGAIN, refuse, sentence

# Pairs and not a mapping: two prefixes may give an element two attributes of the same name.
Attributes = list[tuple[str, str]]
Element = Callable[[str, Attributes], None]
_DAMAGED = (sentence("Filen er skadet og kan ikke leses."), SAVE_AGAIN)
_UTF_8 = {None, "utf-8", "utf8", "us-ascii"}
_ATTRIBUTE = rb"""[\s:]%s\s*=\s*("[^"]*"|'[^']*')"""
_INSIDE = rb"<(?:[\w.\-]+:)?%s(?=[\s>])[^>]*>([^<]*)<"
_REMARKS = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.S)


def read_xml(content: bytes, element: Element | None = None) -> None:
    """Read a part to its end. `element` is told of each element: its name, and its attributes, without prefixes."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:4]:
        refuse(*_DAMAGED)
    parser = expat.ParserCreate()
    parser.XmlDeclHandler = _require_utf_8
    parser.StartDoctypeDeclHandler = _no_document_type
    if element is not None:
        parser.StartElementHandler = lambda name, found: element(
            name.rpartition(":")[2], [(key.rpartition(":")[2], value) for key, value in found.items()]
        )
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        refuse(*_DAMAGED)


def text_inside(content: bytes, name: str) -> str:
    """The text of all elements of a name, written together. Asked of a part that `read_xml` has found in order.

    A large document has a million elements, and Python is slow to be told of each: this looks for a few words.
    """
    if b"<![CDATA[" in content:  # nobody writes text that way but those who hide it
        refuse(*_DAMAGED)
    without_remarks = _REMARKS.sub(b"", content) if b"<!--" in content or content.count(b"<?") > 1 else content
    return _readable(b"".join(re.findall(_INSIDE % name.encode(), without_remarks)))


def attribute_values(content: bytes, name: str) -> list[str]:
    """The values of all attributes of a name, wherever they stand."""
    return [_readable(found[1:-1]) for found in re.findall(_ATTRIBUTE % name.encode(), content)]


def _readable(found: bytes) -> str:
    return html.unescape(found.decode("utf-8", "replace"))


def _require_utf_8(_version: str, encoding: str | None, _standalone: int) -> None:
    """Everybody writes UTF-8; other encodings are a way to hide from those who look for words."""
    if (encoding.lower() if encoding else None) not in _UTF_8:
        refuse(*_DAMAGED)


def _no_document_type(*_declared: object) -> None:
    refuse("Filen inneholder en dokumenttype (DOCTYPE), som vi ikke tar imot.", SAVE_AGAIN)
