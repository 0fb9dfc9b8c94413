"""A bank's XML as a tree that can do no harm, and questions to it that refuse what is not as it must be.

No document type, no entity but XML's own five, nothing fetched from anywhere; limits on size and number of elements that
are kept before any parser sees the file, and the parser's own on depth and length. Every element stands in the
message's own namespace.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

from lxml import etree

from grants.bank.refusals import BadMessage

MOST_BYTES = 40 * 1024 * 1024
MOST_ELEMENTS = 600_000  # ten thousand entries have some 460 000
LONGEST_ID = 70
LONGEST_TEXT = 1_000
CURRENCY = "NOK"
_NORWAY = ZoneInfo("Europe/Oslo")
_BOM = b"\xef\xbb\xbf"
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_FORBIDDEN = re.compile(rb"<!DOCTYPE|<!ENTITY|\x00")
_ADVICE = re.compile(r", (?:use|try|line) |\n")  # what the parser says to programmers after what is wrong
_AMOUNT = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,5}))?", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,15}", re.ASCII)
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII)
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
# Elements of another namespace than the message's own. What stands in SplmtryData is the bank's own, and is not read.
_STRANGERS = etree.XPath(
    "(//*[namespace-uri() != $own][not(ancestor::*[local-name() = 'SplmtryData'])])[position() = 1]"
)


def parse(content: bytes) -> "Node":
    """The root of a file, or a refusal that says on which line it went wrong."""
    _look_at_the_bytes(content)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    try:
        root = etree.fromstring(content.removeprefix(_BOM), parser)
    except etree.XMLSyntaxError as fault:
        why = _ADVICE.split(fault.msg)[0]
        line = max(fault.lineno or 0, 1)
        raise BadMessage(f"filen er ikke hel og gyldig XML ({why}). Hent den på nytt.", line=line) from None
    own = etree.QName(root).namespace or ""
    for stranger in _STRANGERS(root, own=own):
        Node(stranger).refuse(f"elementet hører til et annet navnerom, «{etree.QName(stranger).namespace or ''}».")
    return Node(root)


class Node:
    """An element, and what is asked of it. What is asked for and is missing, doubled or odd refuses the file."""

    __slots__ = ("element",)

    def __init__(self, element: etree._Element) -> None:
        self.element = element

    @property
    def tag(self) -> str:
        """The element's name without its namespace."""
        return _local(self.element)

    @property
    def namespace(self) -> str:
        """The element's namespace."""
        return etree.QName(self.element).namespace or ""

    @property
    def line(self) -> int:
        """The line it starts on."""
        return _line(self.element)

    @property
    def path(self) -> str:
        """The way to it from the root, with a number where there are several: `Stmt/Ntry[3]/Amt`."""
        steps = []
        element = self.element
        while (parent := element.getparent()) is not None:
            alike = [child for child in parent if child.tag == element.tag]
            steps.append(_local(element) + (f"[{alike.index(element) + 1}]" if len(alike) > 1 else ""))
            element = parent
        return "/".join(reversed(steps)) or _local(element)

    def refuse(self, what: str) -> NoReturn:
        """Refuse the file for something about this element."""
        raise BadMessage(what, line=self.line, path=self.path)

    def many(self, tag: str) -> "Iterator[Node]":
        """All children of a name."""
        return (Node(child) for child in self._named(tag))

    def children(self) -> "Iterator[Node]":
        """All children."""
        return (Node(child) for child in self.element)

    def maybe(self, path: str) -> "Node | None":
        """The one descendant along a path, or None. Two of the same name where one may stand refuse the file."""
        node = self
        for tag in path.split("/"):
            found = node._named(tag)
            if not found:
                return None
            if len(found) > 1:
                Node(found[1]).refuse(f"{tag} står {len(found)} ganger der det bare kan stå én gang.")
            node = Node(found[0])
        return node

    def one(self, path: str) -> "Node":
        """The one descendant along a path, which must be there."""
        found = self.maybe(path)
        return found if found is not None else self.refuse(f"{path} mangler.")

    def value(self, longest: int = LONGEST_TEXT) -> str:
        """The text of an element that has only text."""
        if len(self.element):
            self.refuse("her skal det stå en verdi, ikke flere elementer.")
        text = (self.element.text or "").strip()
        if not text:
            self.refuse("verdien mangler.")
        if len(text) > longest:
            self.refuse(f"verdien er lengre enn {longest} tegn.")
        return text

    def text(self, path: str, longest: int = LONGEST_ID) -> str:
        """The text along a path, or nothing where the path ends."""
        found = self.maybe(path)
        return found.value(longest) if found is not None else ""

    def amount(self) -> int:
        """Kroner with at most two decimals that count, as øre."""
        said = self.value(longest=30)
        found = _AMOUNT.fullmatch(said)
        if not found or (found[2] or "")[2:].strip("0"):
            self.refuse(f"«{said}» er ikke et beløp i kroner og øre, for eksempel 1250.50.")
        return int(found[1]) * 100 + int((found[2] or "")[:2].ljust(2, "0"))

    def money(self) -> int:
        """An amount whose currency is kroner."""
        currency = self.element.get("Ccy", "")
        if currency != CURRENCY:
            self.refuse(f"beløpet er i «{currency}». Her skal alle beløp være i {CURRENCY}.")
        return self.amount()

    def count(self) -> int:
        """A whole number, zero or more."""
        said = self.value(longest=30)
        if not _COUNT.fullmatch(said):
            self.refuse(f"«{said}» er ikke et helt tall.")
        return int(said)

    def choice(self, words: dict[str, bool]) -> bool:
        """One of two words."""
        said = self.value()
        if said not in words:
            self.refuse(f"«{said}» er ikke et av {', '.join(words)}.")
        return words[said]

    def day(self) -> date:
        """A day: the element's own, or that of its `Dt` or `DtTm`. A moment is in the day that it is in Norway."""
        moment = self.maybe("DtTm")
        if moment is not None:
            return moment.moment().astimezone(_NORWAY).date()
        node = self.one("Dt") if len(self.element) else self
        said = node.value(longest=40)
        found = _DAY.fullmatch(said)
        try:
            return date.fromisoformat(found[1] if found else "")
        except ValueError:
            node.refuse(f"«{said}» er ikke en dag, for eksempel 2017-03-15.")

    def moment(self) -> datetime:
        """A time. Without a time zone it is Norwegian."""
        said = self.value(longest=40)
        try:
            found = datetime.fromisoformat(said if _TIME.fullmatch(said) else "")
            found = found if found.tzinfo else found.replace(tzinfo=_NORWAY)
            found.astimezone(_NORWAY)
        except (ValueError, OverflowError):
            self.refuse(f"«{said}» er ikke et tidspunkt, for eksempel 2017-03-15T09:30:00.")
        return found

    def _named(self, tag: str) -> "list[etree._Element]":
        return [*self.element.iterchildren(f"{{*}}{tag}")]


def each_once(named: Iterable[tuple[Node, str]]) -> None:
    """Refuse a file that names the same payment twice where each has one answer."""
    seen = set()
    for node, name in named:
        if name in seen:
            node.refuse(f"betalingen {name} står flere ganger i filen.")
        seen.add(name)


def _look_at_the_bytes(content: bytes) -> None:
    """What can be known before any parser has seen it."""
    if not content.strip():
        raise BadMessage("filen er tom.", line=1)
    if len(content) > MOST_BYTES:
        raise BadMessage(f"filen er større enn {MOST_BYTES // 1024 // 1024} MB.", line=1)
    if content.count(b"</") + content.count(b"/>") > MOST_ELEMENTS:
        raise BadMessage(f"filen har flere enn {MOST_ELEMENTS} elementer.", line=1)
    declared = _DECLARED.match(content.removeprefix(_BOM).lstrip())
    if declared and declared[1].upper() not in {b"UTF-8", b"UTF8"}:
        raise BadMessage(f"filen sier at den er i {declared[1].decode()}. Den skal være i UTF-8.", line=1)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise BadMessage(f"filen er ikke i UTF-8 (byte {fault.start + 1}).", line=line) from None
    if found := _FORBIDDEN.search(content):
        line = content.count(b"\n", 0, found.start()) + 1
        what = "et tegn som ikke kan stå i XML" if found[0] == b"\0" else "en dokumenttype (DTD) eller en entitet"
        raise BadMessage(f"filen har {what}. Det har ingen fil fra en bank.", line=line)


def _local(element: etree._Element) -> str:
    tag: str = element.tag
    return tag.rpartition("}")[2]


def _line(element: etree._Element) -> int:
    return element.sourceline or 1
