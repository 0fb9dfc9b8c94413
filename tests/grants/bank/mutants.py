"""Answers of every version with one thing wrong in each: half cut, doubled or twisted as bytes, half as a tree."""

import random
from collections.abc import Iterator

from lxml import etree

from grants.bank.payment_file import payment_file
from tests.factories.payments import make_batch
from tests.other_bank import Account, Booking, notification, payment_return, status_report, understand

FILE = understand(payment_file(make_batch()))
KEYS = [order.end_to_end_id for order in FILE.orders]
TEXTS = (
    "",
    "0",
    "-1",
    "1e400",
    "NaN",
    "0,05",
    "99999999999999999999",
    "٣",
    "NOK",
    "RJCT",
    "x" * 5_000,
    "2017-02-30",
    "\u202e",
    "'--",
)
BYTES = (b"\x00", b"\xff", b"<", b"&", b"]]>", b"<!DOCTYPE x>", b"&x;", b"\xc3", b"'", b"9")


def whole_files() -> list[bytes]:
    """One good file of each version that is read."""
    parts = tuple((order.end_to_end_id, -order.ore) for order in FILE.orders)
    bookings = [
        Booking(-300_006, parts, batch=FILE.message_id),
        Booking(100_001, ((KEYS[0], 100_001),), returned="AC04", reversal=True),
        Booking(7, kid="1236", payments=(("", 7),)),
    ]
    said = [(KEYS[0], "ACCP", ""), (KEYS[1], "RJCT", "AC04"), (KEYS[2], "PDNG", "")]
    return [
        *(status_report(FILE, version, group="PART", payments=said) for version in ("03", "10")),
        *(notification(bookings, version) for version in ("02", "08")),
        *(Account().statement(bookings, version) for version in ("02", "08")),
        *(payment_return([(KEYS[0], 10_00, "AC04"), (KEYS[1], 5, "")], version) for version in ("02", "09", "10")),
    ]


def mutants(number: int, seed: int = 20) -> Iterator[tuple[str, bytes]]:
    """So many mutants, each with its kind: «bytes» and «tree» by turns."""
    rnd = random.Random(seed)
    files = whole_files()
    for place in range(number):
        file = files[place // 2 % len(files)]
        yield ("bytes", _twisted(file, rnd)) if place % 2 else ("tree", _regrown(file, rnd))


def _twisted(file: bytes, rnd: random.Random) -> bytes:
    start = rnd.randrange(len(file))
    end = min(len(file), start + rnd.randint(1, 40))
    match rnd.randrange(6):
        case 0:
            return file[:start]
        case 1:
            return file[:start] + file[end:]
        case 2:
            return file[:start] + file[start:end] * 2 + file[end:]
        case 3:
            return file[:start] + rnd.choice(BYTES) + file[start:]
        case 4:
            return file[:start] + bytes([rnd.randrange(256)]) + file[start + 1 :]
        case _:
            return file[:start] + rnd.choice(whole_files())[start:]


def _regrown(file: bytes, rnd: random.Random) -> bytes:
    root = etree.fromstring(file)
    elements = list(root.iter())
    element = rnd.choice(elements[1:])
    parent = element.getparent()
    leaves = [each for each in elements if not len(each)]
    match rnd.randrange(7):
        case 0:
            parent.remove(element)
        case 1:
            parent.append(etree.fromstring(etree.tostring(element)))
        case 2:
            rnd.choice(leaves).text = rnd.choice([text for text in TEXTS if text.isprintable() or not text])
        case 3:
            element.tag = element.tag.replace("}", "}X")
        case 4:
            for key in element.attrib or {"Ccy": ""}:
                element.set(key, rnd.choice(("EUR", "", "nok", "NOK ")))
        case 5:
            rnd.choice(elements[1:]).append(etree.fromstring(etree.tostring(element)))
        case _:
            amounts = [each for each in leaves if each.text and "." in each.text]
            chosen = rnd.choice(amounts or leaves)
            chosen.text = (chosen.text or "")[:-1] + rnd.choice("0123456789")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
